// The simulated services with `howdah serve` in front of them, as a company runs it: with tokens, a journal in a
// folder, and logs that tell all they can.
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { consoleFolder, start } from "./program";

export type Cluster = { connection: string; id: string; name: string; key?: string };

export type Served = {
  /** Where Howdah is, ending with a slash. */
  url: string;
  /** Where the simulated Hadoop Eco is. */
  service: string;
  clusters: Cluster[];
  /** What stands in a file of the folder. */
  read: (name: string) => Promise<string>;
  /** The bytes of each of the journal's files. */
  journal: () => Promise<[string, Buffer][]>;
  /** All that both programs have written so far. */
  logs: () => string;
  /** Ends Howdah as an operator does. */
  stop: () => Promise<void>;
  /** Ends everything and removes the folder. */
  remove: () => Promise<void>;
};

/** All that the program and its libraries can tell. */
const TRACE = { HOWDAH_LOG: "trace" };

export async function serve(): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), "howdah-secrets-"));
  const read = (name: string) => readFile(join(folder, name), "utf8");
  const services = await start(["sandbox", "--services-only", folder], /services are up/, TRACE);
  const text = await read("howdah.toml");
  const files = JSON.stringify(resolve(consoleFolder));
  await writeFile(join(folder, "howdah.toml"), text.replace("version = 1\n", `version = 1\nconsole = ${files}\n`));
  const howdah = await start(["serve", "--config", join(folder, "howdah.toml")], /^Howdah is at /, TRACE);
  return {
    url: howdah.line.replace("Howdah is at ", ""),
    service: /system = "hadoop-eco-v2"[^[]*?url = "([^"]+)"/.exec(text)?.[1] ?? "",
    clusters: await clusters(text, read),
    read,
    journal: async () => {
      const names = (await readdir(folder)).filter((name) => /^howdah\.db(-|$)/.test(name));
      return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as [string, Buffer]));
    },
    logs: () => howdah.output() + services.output(),
    stop: () => howdah.stop(),
    remove: async () => {
      await howdah.stop();
      await services.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The clusters of a configuration as `sandbox --services-only` writes it. */
async function clusters(text: string, read: Served["read"]): Promise<Cluster[]> {
  const found = text.matchAll(/\[\[connections\.(\S+)\.clusters\]\]\nid = "(.*)"\nname = ["'](.*)["']\n(?:key = \{ file = "(.*)" \})?/g);
  return Promise.all(
    [...found].map(async ([, connection = "", id = "", name = "", file]) => {
      return { connection, id, name, key: file && (await read(file)) };
    }),
  );
}
