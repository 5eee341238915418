// What cannot wait for the console itself: the chosen theme is set before anything is painted, and who is in is asked
// for while the console is on its way.
(function () {
  var theme = new URLSearchParams(location.search).get("theme");
  try {
    theme = theme || localStorage.getItem("howdah.theme");
  } catch (_) {
    // No storage within some frames: then the system's preference holds.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

  // With a one-time code in the address nobody is in yet.
  if (location.hash.startsWith("#code=")) return;
  var accept = "application/json, application/problem+json";
  window.howdahMe = fetch(new URL("api/me", document.baseURI), { headers: { accept: accept } });
  // The console takes it, and tells what is wrong.
  window.howdahMe.catch(function () {});
})();
