// Modules are compiled as they come, beside the console's first module: what the page at the address needs is asked for
// as soon as this script runs, as far as that is known before the connection's system is.

/** Makes what belongs to a key once; where it fails whoever needs it is told, and may try again. */
const once = (make) => {
  const made = new Map();
  return (key) => {
    if (!made.has(key)) {
      const making = make(key);
      made.set(key, making);
      making.catch(() => made.delete(key));
    }
    return made.get(key);
  };
};
const compiled = once((at) => WebAssembly.compileStreaming(fetch(MODULES[at])));
const instance = once(async (at) => {
  const module = await compiled(at);
  const shared = initSync();
  // Joined modules import what all share under another name than those that stand alone: see chunks.rs.
  return WebAssembly.instantiate(module, { __wasm_split: shared, main: shared });
});

/** Loads a part, then calls the console's function of that index with what it gave and whether it went well. */
const load = (part) => async (index, data) => {
  let isLoaded = false;
  try {
    await Promise.all(NEEDS[part].map(instance));
    isLoaded = true;
  } catch (error) {
    console.error(error);
  }
  initSync().__indirect_function_table.get(index)(data, isLoaded);
};

const words = (path) => path.split("/").filter(Boolean);
const here = words(location.pathname.slice(new URL(".", document.baseURI).pathname.length));
const isHere = (place) => place.length === here.length && place.every((word, at) => word === "*" || word === here[at]);
const likely = Object.keys(PLACES).filter((part) => PLACES[part].some((place) => isHere(words(place))));
// What all of them need, whichever it is.
NEEDS[likely[0]]?.filter((at) => likely.every((part) => NEEDS[part].includes(at))).forEach(compiled);
