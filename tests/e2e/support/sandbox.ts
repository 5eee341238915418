// A sandbox of its own for every worker: its tests may change what they like, and it ends with the worker.
import { type APIRequestContext, test as base, expect } from "@playwright/test";
import { consoleFolder, start } from "./program";

export { expect };

export type Sandbox = {
  /** Origin and base path, ending with a slash. */
  url: string;
  /** All that it has written so far, on both outputs. */
  output: () => string;
};

/** Starts one, gives it to be used and ends it. */
async function run(args: string[], use: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const program = await start(["sandbox", "--console", consoleFolder, ...args], /^Howdah is at /);
  const url = /https?:\/\/\S+/.exec(program.line)?.[0] ?? "";
  await use({ url: new URL(url).href, output: program.output });
  await program.stop();
}

const ARGUMENTS = ["--listen", "127.0.0.1:0"];

/** `test` with a running sandbox, whose address is the base of `page.goto`. */
export const test = base.extend<object, { sandboxArgs: string[]; sandbox: Sandbox }>({
  sandboxArgs: [ARGUMENTS, { option: true, scope: "worker" }],
  sandbox: [({ sandboxArgs }, use) => run(sandboxArgs, use), { scope: "worker" }],
  baseURL: async ({ sandbox }, use) => use(sandbox.url),
});

/** The same with a sandbox for every test, of which nobody has seen anything. */
export const alone = base.extend<{ sandboxArgs: string[]; sandbox: Sandbox }>({
  sandboxArgs: [ARGUMENTS, { option: true }],
  sandbox: ({ sandboxArgs }, use) => run(sandboxArgs, use),
  baseURL: async ({ sandbox }, use) => use(sandbox.url),
});

/** How often the simulated service of a connection was called, by operation. */
export const calls = (request: APIRequestContext, connection: string) =>
  told<Record<string, number>>(request, connection, "calls");

/** What the simulated service of a connection has really started. */
export const runs = (request: APIRequestContext, connection: string) =>
  told<{ clusterId: string; requestId: string }[]>(request, connection, "runs");

/** Has the simulated ResourceManager behave otherwise than usual, of the pair the active one; `{}` is the usual. */
export async function behave(request: APIRequestContext, behaviour: object, address = ""): Promise<void> {
  const at = address || (await service(request, "yarn"));
  const told = await request.put(`${at}/_sandbox/behaviour`, { data: behaviour });
  expect(told.ok(), await told.text()).toBe(true);
}

/** Where a connection leads. */
export async function service(request: APIRequestContext, connection: string): Promise<string> {
  const connections: { name: string; url: string }[] = await (await request.get("./api/connections")).json();
  return connections.find((one) => one.name === connection)?.url ?? "";
}

async function told<T>(request: APIRequestContext, connection: string, what: string): Promise<T> {
  return (await request.get(`${await service(request, connection)}/_sandbox/${what}`)).json();
}
