// The simulated services with `howdah serve` in front of them, as a company runs it: with tokens, a journal in a
// folder, and logs that tell all they can.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

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
  logs: () => Buffer;
  /** Ends Howdah as an operator does. */
  stop: () => Promise<void>;
  /** Ends everything and removes the folder. */
  remove: () => Promise<void>;
};

class Program {
  private readonly child: ChildProcess;
  private readonly pieces: Buffer[] = [];

  constructor(args: string[]) {
    const program = process.env.HOWDAH_PROGRAM ?? "../../target/debug/howdah";
    const env = { ...process.env, HOWDAH_LOG: "trace" };
    // hold.sh ends it also when this process is killed.
    this.child = spawn("../peers/hold.sh", [program, ...args], { stdio: "pipe", env });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (piece: Buffer) => this.pieces.push(piece));
    }
  }

  output(): Buffer {
    return Buffer.concat(this.pieces);
  }

  /** The first line on standard output that matches. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      if (!this.child.stdout) throw new Error("it has no output");
      createInterface({ input: this.child.stdout }).on("line", (line) => {
        const match = pattern.exec(line);
        if (match) resolve(match);
      });
      this.child.on("exit", (code) => reject(new Error(`it ended with ${code}:\n${this.output()}`)));
      this.child.on("error", reject);
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return resolve();
      this.child.once("close", () => resolve());
      this.child.stdin?.end();
    });
  }
}

export async function serve(): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), "howdah-secrets-"));
  const read = (name: string) => readFile(join(folder, name), "utf8");
  const services = new Program(["sandbox", "--services-only", folder]);
  await services.says(/simulated services are up/);
  const text = await read("howdah.toml");
  const files = JSON.stringify(resolve(process.env.HOWDAH_CONSOLE ?? "../../frontend/dist"));
  await writeFile(join(folder, "howdah.toml"), text.replace("version = 1\n", `version = 1\nconsole = ${files}\n`));
  const howdah = new Program(["serve", "--config", join(folder, "howdah.toml")]);
  const [, url = ""] = await howdah.says(/Howdah is at (\S+)/);
  return {
    url,
    service: /system = "hadoop-eco-v2"[^[]*?url = "([^"]+)"/.exec(text)?.[1] ?? "",
    clusters: await clusters(text, read),
    read,
    journal: async () => {
      const names = (await readdir(folder)).filter((name) => /^howdah\.db(-|$)/.test(name));
      return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as [string, Buffer]));
    },
    logs: () => Buffer.concat([howdah.output(), services.output()]),
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
