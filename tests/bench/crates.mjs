// Of which crates the console's code is made: by the names of the functions in the linked module, before it is taken
// apart, made small and compressed. Of a generic function the crate that wrote it counts, whoever made it for a type.
import { readFile } from "node:fs/promises";
import { kilobytes, part, percent, tell } from "./report.mjs";

const SHOWN = 12;
const IMPORTS = 2;
const CODE = 10;
const CUSTOM = 0;
const FUNCTION_NAMES = 1;

/** Reads a module's bytes from a place on. */
function reader(bytes, at = 0) {
  const number = () => {
    for (let value = 0, shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  return {
    number,
    byte: () => bytes[at++],
    text() {
      const length = number();
      at += length;
      return bytes.toString("utf8", at - length, at);
    },
    /** The next so many bytes, passed over. */
    piece(length) {
      at += length;
      return bytes.subarray(at - length, at);
    },
    isDone: () => at >= bytes.length,
  };
}

/** Passes over a limit of a memory or a table. */
function limit(read) {
  const hasMost = read.byte() & 1;
  read.number();
  if (hasMost) read.number();
}

function importedFunctions(read) {
  let functions = 0;
  for (let left = read.number(); left > 0; left--) {
    read.text();
    read.text();
    switch (read.byte()) {
      case 0:
        functions++;
        read.number();
        break;
      case 1:
        read.byte();
        limit(read);
        break;
      case 2:
        limit(read);
        break;
      default:
        read.piece(2);
    }
  }
  return functions;
}

/** How the old way of mangling writes what a name may not hold. */
const WRITTEN = { $LT$: "<", $GT$: ">", $RF$: "&", $u20$: " ", "..": "::" };

/** The crate of a function, by its name as Rust writes it, plain or mangled in the old way; of a trait, where it is for any type. */
function crate(name) {
  const mangled = /^_ZN(\d+)/.exec(name);
  const path = mangled
    ? name.slice(mangled[0].length, mangled[0].length + Number(mangled[1])).replace(/\$\w+?\$|\.\./g, (text) => WRITTEN[text] ?? text)
    : name;
  return /^[_<&\s]*(?:[A-Z]\w* as )?(?:dyn |mut |impl )?([a-z]\w*)(?:\[[0-9a-f]+\])?(?:::|$)/.exec(path)?.[1] ?? "others";
}

export async function crates(linked) {
  const read = reader(await readFile(linked), 8);
  let imported = 0;
  const sizes = [];
  const names = new Map();
  while (!read.isDone()) {
    const [id, length] = [read.byte(), read.number()];
    const section = reader(read.piece(length));
    if (id === IMPORTS) imported = importedFunctions(section);
    if (id === CODE) {
      for (let left = section.number(); left > 0; left--) {
        const size = section.number();
        sizes.push(size);
        section.piece(size);
      }
    }
    if (id === CUSTOM && section.text() === "name") {
      while (!section.isDone()) {
        const [kind, size] = [section.byte(), section.number()];
        const named = reader(section.piece(size));
        if (kind !== FUNCTION_NAMES) continue;
        for (let left = named.number(); left > 0; left--) names.set(named.number(), named.text());
      }
    }
  }
  if (names.size === 0) throw new Error(`${linked} names no functions`);
  const by = new Map();
  for (const [at, size] of sizes.entries()) {
    const name = crate(names.get(imported + at) ?? "");
    by.set(name, (by.get(name) ?? 0) + size);
  }
  const all = sizes.reduce((sum, size) => sum + size, 0);
  part("The console's code by crate, before it is made small and compressed");
  tell("all", kilobytes(all));
  for (const [name, size] of [...by].sort(([, a], [, b]) => b - a).slice(0, SHOWN)) {
    tell(name, `${kilobytes(size)}, ${percent(size / all)}`);
  }
}
