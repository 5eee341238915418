// `howdah serve` as a company runs it, with tokens and a journal that outlives it, in front of simulated services.
import { test as base, expect, type Page } from "@playwright/test";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { consoleFolder, type Program, start } from "./program";

export { expect };

/** A token that may look at everything and change nothing. */
export const VIEWER = "looks-and-touches-nothing";

export class Site {
  private constructor(
    readonly url: string,
    /** Lets in a principal that administers everything. */
    readonly token: string,
    /** The address of the simulated Hadoop Eco. */
    readonly service: string,
    private readonly folder: string,
    private readonly services: Program,
    private proxy: Program,
  ) {}

  /** One with services at a pace; `change` makes another configuration of the one that is written for them. */
  static async open(pace: number, change = (config: string) => config): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), "howdah-site-"));
    const services = await start(["sandbox", "--services-only", folder, "--pace", `${pace}`], /services are up/);
    const path = join(folder, "howdah.toml");
    const written = await readFile(path, "utf8");
    const port = await freePort();
    const viewer = `[[tokens]]\nprincipal = "viewer"\ntoken = { file = "viewer" }\nroles = { "*" = "view" }\n\n[connections.`;
    await writeFile(join(folder, "viewer"), VIEWER);
    await writeFile(
      path,
      change(written)
        .replace(/^listen = .*$/m, `listen = "127.0.0.1:${port}"\nconsole = ${JSON.stringify(resolve(consoleFolder))}`)
        .replace("[connections.", viewer),
    );
    const service = /\[connections\.hadoop-eco\][^[]*\nurl = "([^"]*)"/.exec(written)?.[1] ?? "";
    const token = await readFile(join(folder, "token"), "utf8");
    const proxy = await serve(folder);
    const site = new Site(`http://127.0.0.1:${port}/`, token, service, folder, services, proxy);
    await site.adoptPast("nightly-etl");
    return site;
  }

  /** Ends the proxy with SIGTERM and starts it again on the same journal. */
  async restart(): Promise<void> {
    await this.proxy.stop();
    this.proxy = await serve(this.folder);
  }

  /** Ends the services; Howdah goes on. */
  async strand(): Promise<void> {
    await this.services.stop();
  }

  async close(): Promise<void> {
    await this.proxy.stop();
    await this.services.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Asks Howdah as a script does. */
  async ask<T>(path: string, body?: unknown): Promise<T> {
    const reply = await fetch(new URL(path, this.url), {
      method: body ? "POST" : "GET",
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    expect(reply.ok, await reply.clone().text()).toBe(true);
    return reply.json();
  }

  /** The runs that the service has really started. */
  async started(): Promise<{ clusterId: string; requestId: string }[]> {
    return (await fetch(`${this.service}/_sandbox/runs`)).json();
  }

  /** Signs a person in. */
  async signIn(page: Page, token = this.token): Promise<void> {
    await page.goto(this.url);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
  }

  /** Takes in a run from before the services were up, whose id the simulator makes of the cluster's. */
  private async adoptPast(cluster: string): Promise<void> {
    const serviceId = `req-${digest(`${clusterId(cluster)} 1`).slice(0, 32)}`;
    const adopted = { connection: "hadoop-eco", cluster: clusterId(cluster), serviceId };
    const { id } = await this.ask<{ id: string }>("api/requests/adopt", adopted);
    await expect(async () => {
      expect((await this.ask<{ state: string }>(`api/requests/${id}`)).state).toBe("succeeded");
    }).toPass({ timeout: 15_000 });
  }
}

/** The id that the simulator gives to a cluster of that name. */
export function clusterId(name: string): string {
  const hex = digest(name);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function serve(folder: string): Promise<Program> {
  return start(["serve", "--config", join(folder, "howdah.toml")], /^Howdah is at /);
}

/** A port that is free now; the address must be the same after a restart. */
export function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => found(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

/** `test` with a site of its own for every worker, on which a run takes half a minute. */
export const test = base.extend<object, { site: Site }>({
  site: [
    async ({}, use) => {
      const site = await Site.open(60);
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],
});
