// Every form in which a secret may be written, and a search that finds each. It shares nothing with the program.

export type Secret = { what: string; value: string };

export type Found = { what: string; form: string; near: string };

type Needle = { what: string; form: string; text: string };

/** The shortest part of a secret that tells of it. */
const PART = 12;
const READINGS_IN_JSON = 3;

const latin = (text: string) => Buffer.from(text, "latin1");
const hex = (text: string) => latin(text).toString("hex");
const alphabets = ["base64", "base64url"] as const;

/** What base64 makes of `text` behind `before` other bytes, as far as no neighbour has a say in it. */
function core(text: string, alphabet: (typeof alphabets)[number], before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), latin(text)]);
  return bytes.toString(alphabet).slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

/** The needles of a secret: of its whole, and of each half, so that what is left of one that was cut is found too. */
function needles({ what, value }: Secret): Needle[] {
  const half = Math.floor(value.length / 2);
  const parts: [string, string][] = [["whole", value]];
  if (half >= PART) parts.push(["first half", value.slice(0, half)], ["second half", value.slice(half)]);
  return parts.flatMap(([part, text]) => [
    { what, form: `${part}, plain`, text },
    { what, form: `${part}, hex`, text: hex(text) },
    ...alphabets.flatMap((alphabet) =>
      [0, 1, 2].map((before) => ({ what, form: `${part}, ${alphabet} at ${before}`, text: core(text, alphabet, before) })),
    ),
  ]);
}

const escapes: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

const unescaped = (text: string) =>
  text.replace(/\\(?:u([0-9a-f]{4})|(["\\/bfnrt]))/gi, (_, unit?: string, one?: string) =>
    unit ? String.fromCharCode(parseInt(unit, 16)) : (escapes[one ?? ""] ?? one ?? ""),
  );
const unpercented = (text: string) =>
  text.replace(/%([0-9a-f]{2})/gi, (_, byte: string) => String.fromCharCode(parseInt(byte, 16)));
const unmarked = (text: string) =>
  text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|(amp|lt|gt|quot|apos|nbsp));/gi, (_, x?: string, d?: string, name?: string) =>
    name ? (entities[name.toLowerCase()] ?? "") : String.fromCharCode(x ? parseInt(x, 16) : Number(d)),
  );

/** A text in all the ways in which it may be read. */
function readings(text: string): Set<string> {
  const all = new Set([text]);
  let inner = text;
  for (let depth = 0; depth < READINGS_IN_JSON; depth += 1) all.add((inner = unescaped(inner)));
  for (const reading of [...all]) all.add(unpercented(reading)).add(unmarked(reading));
  // Hexadecimal digits come in either case.
  for (const reading of [...all]) all.add(reading.toLowerCase());
  return all;
}

/** Finds secrets in bytes of any size: most places are passed over after one look into a table. */
export class Search {
  private readonly table = new Uint8Array(1 << 16);
  private readonly starts = new Map<number, Needle[]>();

  constructor(secrets: Secret[]) {
    for (const needle of secrets.flatMap(needles)) {
      let gram = 0;
      for (let at = 0; at < 4; at += 1) gram = (gram << 8) ^ needle.text.charCodeAt(at);
      this.table[place(gram)] = 1;
      this.starts.set(gram, [...(this.starts.get(gram) ?? []), needle]);
    }
  }

  in(bytes: Buffer | string): Found[] {
    const found = new Map<string, Found>();
    for (const text of readings(typeof bytes === "string" ? bytes : bytes.toString("latin1"))) {
      let gram = 0;
      for (let end = 0; end < text.length; end += 1) {
        gram = (gram << 8) ^ text.charCodeAt(end);
        if (this.table[place(gram)] === 0) continue;
        for (const { what, form, text: needle } of this.starts.get(gram) ?? []) {
          if (!text.startsWith(needle, end - 3)) continue;
          const near = text.slice(Math.max(0, end - 120), end + 120);
          found.set(`${what} ${form}`, { what, form, near });
        }
      }
    }
    return [...found.values()];
  }
}

function place(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> 16;
}

/** A secret written in every form, with the form's name. */
export function written(secret: string): [string, string][] {
  const json = (text: string) => JSON.stringify(text).slice(1, -1);
  const units = (upper: boolean) => (text: string) => {
    const unit = (at: number) => text.charCodeAt(at).toString(16).padStart(4, "0");
    return [...text].map((_, at) => `\\u${upper ? unit(at).toUpperCase() : unit(at)}`).join("");
  };
  const percent = (escaped: RegExp, upper: boolean) =>
    secret.replace(escaped, (one) => `%${upper ? hex(one).toUpperCase() : hex(one)}`);
  const mixed = (text: string) => text.replace(/./g, (one, at: number) => (at % 3 ? one : one.toUpperCase()));
  const forms: [string, string][] = [
    ["plain", secret],
    ["JSON", json(secret)],
    ["JSON with slashes", json(secret).replaceAll("/", "\\/")],
    ["JSON in lower escapes", units(false)(secret)],
    ["JSON in upper escapes", units(true)(secret)],
    ["JSON in part in escapes", secret.replace(/[^a-z0-9]/gi, units(false))],
    ["JSON in JSON", json(json(secret))],
    ["JSON in JSON in JSON", json(json(json(secret)))],
    ["percent, reserved", percent(/[^a-z0-9._~-]/gi, true)],
    ["percent, reserved, lower", percent(/[^a-z0-9._~-]/gi, false)],
    ["percent, all", percent(/[^]/g, true)],
    ["percent in JSON", json(percent(/[^a-z0-9"\\]/gi, true))],
    ["HTML", secret.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`)],
    ["hex", hex(secret)],
    ["hex, upper", hex(secret).toUpperCase()],
    ["hex, mixed", mixed(hex(secret))],
  ];
  for (const alphabet of alphabets) {
    for (const before of ["", "a", "ab", "user:"]) {
      for (const after of ["", ";and more"]) {
        const text = latin(before + secret + after).toString(alphabet);
        forms.push([`${alphabet} after "${before}" before "${after}"`, text], [`${alphabet} without =`, text.replace(/=+$/, "")]);
      }
    }
  }
  return forms;
}
