// Sets the chosen theme before anything is painted; the console itself comes too late for that.
(function () {
  var theme = new URLSearchParams(location.search).get("theme");
  try {
    theme = theme || localStorage.getItem("howdah.theme");
  } catch (_) {
    // No storage within some frames: then the system's preference holds.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
