// A sandbox of its own for every worker: its tests may change what they like, and it ends with the worker.
import { test as base, expect } from "@playwright/test";
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export { expect };

export type Sandbox = {
  /** Origin and base path, ending with a slash. */
  url: string;
  /** All that it has written so far, on both outputs. */
  output: () => string;
};

function start(args: string[]): Promise<{ child: ChildProcess; sandbox: Sandbox }> {
  const program = process.env.HOWDAH_PROGRAM ?? "../../target/debug/howdah";
  const console = process.env.HOWDAH_CONSOLE ?? "../../frontend/dist";
  // hold.sh ends it also when this process is killed.
  const child = spawn("../peers/hold.sh", [program, "sandbox", "--console", console, ...args], { stdio: "pipe" });
  let output = "";
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        output += `${line}\n`;
        const url = stream === child.stdout && /https?:\/\/[\w.:[\]-]+[^\s"]*/.exec(line)?.[0];
        if (url) resolve({ child, sandbox: { url: new URL(url).href, output: () => output } });
      });
    }
    child.on("exit", (code) => reject(new Error(`the sandbox ended with ${code}:\n${output}`)));
    child.on("error", reject);
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.stdin?.end();
  });
}

/** `test` with a running sandbox, whose address is the base of `page.goto`. */
export const test = base.extend<object, { sandboxArgs: string[]; sandbox: Sandbox }>({
  sandboxArgs: [["--listen", "127.0.0.1:0"], { option: true, scope: "worker" }],
  sandbox: [
    async ({ sandboxArgs }, use) => {
      const { child, sandbox } = await start(sandboxArgs);
      await use(sandbox);
      await stop(child);
    },
    { scope: "worker" },
  ],
  baseURL: async ({ sandbox }, use) => use(sandbox.url),
});
