// What cannot wait for the console itself: the chosen theme is set before anything is painted, and what the console
// asks first is asked for while it is on its way.
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

  // The page that is opened most, and the list that it begins with.
  var page = /^connections\/([^/]+)\/applications$/;
  var path = "/ws/v1/cluster/apps";
  var query = "deSelects=resourceRequests%2CresourceInfo%2Ctimeouts";

  var base = new URL(".", document.baseURI);
  var asked = {};
  var told = [];
  var socket, list, isTaken;

  function ask(path) {
    var url = new URL(path, base);
    var reply = fetch(url, { headers: { accept: "application/json, application/problem+json" } });
    asked[url.pathname] = reply;
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

  ask("api/me").then(
    function (reply) {
      if (!reply.ok || isTaken) return;
      ask("api/connections");
      if (document.visibilityState === "visible") open();
    },
    function () {},
  );

  window.howdah = {
    take: function (path) {
      var reply = asked[path];
      delete asked[path];
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
