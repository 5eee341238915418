// What cannot wait for the console itself: the chosen theme is set before anything is painted, what the console asks
// first is asked for while it is on its way, and where it never comes that is said.
(function () {
  var root = document.documentElement;
  var asked = new URLSearchParams(location.search);
  function chosen(name) {
    try {
      return asked.get(name) || localStorage.getItem("howdah." + name);
    } catch (_) {
      // No storage within some frames: then the system's preference holds.
    }
  }
  var theme = chosen("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  // A picture of the page in another language than was chosen here is not shown.
  var isDrawn = "picture" in root.dataset;
  if (isDrawn && !(chosen("lang") || root.lang).startsWith(root.lang)) root.dataset.picture = "hidden";

  var words = {
    en: ["The console could not be loaded", "The network may be down, or Howdah is being updated.", "Reload"],
    ko: ["콘솔을 불러오지 못했습니다", "네트워크가 끊겼거나 Howdah가 업데이트되는 중일 수 있습니다.", "새로 고침"],
  };

  var notice;
  function lost(event) {
    // Of all that the page loads, only its scripts and what they load make the console.
    if (event.target !== window && event.target.localName !== "script") return;
    end();
    var language = (chosen("lang") || navigator.language).slice(0, 2);
    root.lang = words[language] ? language : "en";
    var body = document.createElement("body");
    body.innerHTML =
      '<main class="alone"><div class="blank" role="alert"><h1 class="blank-title"></h1><p class="blank-text"></p>' +
      '<button class="button"></button></div></main>';
    notice = body.firstChild;
    var way = body.querySelector("button");
    [].forEach.call(way.parentNode.children, function (element, at) {
      element.textContent = words[root.lang][at];
    });
    way.onclick = function () {
      location.reload();
    };
    document.body = body;
  }
  var events = ["error", "unhandledrejection"];
  function end() {
    events.forEach(function (name) {
      removeEventListener(name, lost, true);
    });
  }
  events.forEach(function (name) {
    addEventListener(name, lost, true);
  });
  addEventListener("TrunkApplicationStarted", function () {
    end();
    // What went wrong was not the console's.
    if (notice) notice.remove();
  });

  // With a one-time code in the address nobody is in yet.
  if (location.hash.startsWith("#code=")) return;

  // The page that is opened most, and the list that it begins with.
  var page = /^connections\/([^/]+)\/applications$/;
  var path = "/ws/v1/cluster/apps";
  var query = "deSelects=resourceRequests%2CresourceInfo%2Ctimeouts";

  var base = new URL(".", document.baseURI);
  var replies = {};
  var told = [];
  var socket, list, isTaken, isLate;

  function ask(path) {
    var url = new URL(path, base);
    var reply = fetch(url, { headers: { accept: "application/json, application/problem+json" } });
    replies[url.pathname] = reply;
    // The console takes it, and tells what is wrong.
    reply.catch(function () {});
    return reply;
  }

  function open() {
    var found = page.exec(location.pathname.slice(base.pathname.length));
    var connection = found && decodeURIComponent(found[1]);
    var picture;
    socket = new WebSocket(new URL("api/watch", base).href.replace("http", "ws"));
    socket.onmessage = function (event) {
      var message = JSON.parse(event.data);
      var what = message[1];
      told.push(event);
      if (what.greeting && connection) {
        list = [connection, path, query];
        var subscribe = { id: 1, connection: connection, path: path, query: query };
        socket.send(JSON.stringify({ subscribe: subscribe }));
      } else if (what.subscribed) {
        picture = what.subscribed.picture;
      } else if (what.reset && picture) {
        ask("api/watch/" + picture);
        picture = null;
      }
    };
  }

  function begin() {
    // The console has asked by itself.
    if (isLate) return;
    ask("api/me").then(
      function (reply) {
        if (!reply.ok || isTaken) return;
        ask("api/connections");
        if (document.visibilityState === "visible") open();
      },
      function () {},
    );
  }

  // What is drawn is to be seen before all else.
  if (isDrawn) {
    requestAnimationFrame(function () {
      setTimeout(begin);
    });
  } else begin();

  window.howdah = {
    take: function (path) {
      var reply = replies[path];
      if (!reply) isLate = true;
      delete replies[path];
      return reply;
    },
    line: function (onMessage, onClose) {
      var taken = socket;
      isTaken = true;
      socket = null;
      if (!taken || taken.readyState > 1) return;
      taken.onmessage = onMessage;
      taken.onclose = onClose;
      return taken;
    },
    list: function () {
      return list && list.join(" ");
    },
    told: function () {
      return told.splice(0);
    },
  };
})();
