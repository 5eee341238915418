// Runs `howdah`, or another program, until it is told to stop, however the test ends.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export type Program = {
  /** The line that says that it is up. */
  line: string;
  /** All that it has written so far, on both outputs. */
  output: () => string;
  /** Ends it with SIGTERM and waits for its end. */
  stop: () => Promise<void>;
};

/** The console's files. */
export const consoleFolder = process.env.HOWDAH_CONSOLE ?? "../../frontend/dist";

/** Starts `howdah` and waits for a line that `up` fits. */
export function start(args: string[], up: RegExp, environment: Record<string, string> = {}): Promise<Program> {
  return launch(process.env.HOWDAH_PROGRAM ?? "../../target/debug/howdah", args, up, environment);
}

/** Starts a program and waits for a line that `up` fits. */
export function launch(
  program: string,
  args: string[],
  up: RegExp,
  environment: Record<string, string> = {},
): Promise<Program> {
  // hold.sh ends it also when this process is killed.
  const child = spawn("../peers/hold.sh", [program, ...args], { stdio: "pipe", env: { ...process.env, ...environment } });
  let output = "";
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        output += `${line}\n`;
        if (up.test(line)) resolve({ line, output: () => output, stop: () => stop(child) });
      });
    }
    child.on("exit", (code) => reject(new Error(`${program} ended with ${code}:\n${output}`)));
    child.on("error", reject);
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("close", () => resolve());
    child.stdin?.end();
  });
}
