// Modules are compiled as they come, beside the console's first module: what the page at the address needs is asked for
// as soon as this script runs, unless it takes the connection's system to know that.
const modules = new Map();
const compiled = (url) => {
  let module = modules.get(url.href);
  if (!module) {
    module = WebAssembly.compileStreaming(fetch(url));
    modules.set(url.href, module);
    // Whoever needs it is told, and may try again.
    module.catch(() => modules.delete(url.href));
  }
  return module;
};
const words = (path) => path.split("/").filter(Boolean);
const here = words(location.pathname.slice(new URL(".", document.baseURI).pathname.length));
const isHere = (place) => place.length === here.length && place.every((word, at) => word === "*" || word === here[at]);
const parts = Object.keys(PLACES).filter((part) => PLACES[part].some((place) => isHere(words(place))));
if (parts.length === 1) FILES[parts[0]].forEach(compiled);
