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

/** `test` with a running sandbox, whose address is the base of `page.goto`. */
export const test = base.extend<object, { sandboxArgs: string[]; sandbox: Sandbox }>({
  sandboxArgs: [["--listen", "127.0.0.1:0"], { option: true, scope: "worker" }],
  sandbox: [
    async ({ sandboxArgs }, use) => {
      const program = await start(["sandbox", "--console", consoleFolder, ...sandboxArgs], /^Howdah is at /);
      const url = /https?:\/\/\S+/.exec(program.line)?.[0] ?? "";
      await use({ url: new URL(url).href, output: program.output });
      await program.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ sandbox }, use) => use(sandbox.url),
});

/** How often the simulated service of a connection was called, by operation. */
export const calls = (request: APIRequestContext, connection: string) =>
  told<Record<string, number>>(request, connection, "calls");

/** What the simulated service of a connection has really started. */
export const runs = (request: APIRequestContext, connection: string) =>
  told<{ clusterId: string; requestId: string }[]>(request, connection, "runs");

async function told<T>(request: APIRequestContext, connection: string, what: string): Promise<T> {
  const connections: { name: string; url: string }[] = await (await request.get("./api/connections")).json();
  const service = connections.find((one) => one.name === connection);
  return (await request.get(`${service?.url}/_sandbox/${what}`)).json();
}
