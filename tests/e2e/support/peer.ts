// A real ResourceManager, a proxy in front of it, and their scripts: what `cargo verify peers` says of them.
import { type APIRequestContext, expect, type Page } from "@playwright/test";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const said = (name: string) => process.env[name] ?? "";

/** Howdah. */
export const url = said("HOWDAH_URL");
/** Lets a person or a script in. */
export const token = said("HOWDAH_TOKEN");
/** The ResourceManager itself. */
export const manager = said("HOWDAH_MANAGER");
/** The folder of all that it writes. */
export const state = said("STATE");
/** Where the service's paths begin at Howdah. */
export const through = `${url}/api/connections/rm/ws/v1/cluster`;
/** What lets a script in. */
export const headers = { Authorization: `Bearer ${token}` };

/** Runs a script of tests/peers/yarn to its end. */
export async function script(name: string, ...args: string[]): Promise<void> {
  await promisify(execFile)(`../peers/yarn/${name}`, args);
}

/** Opens a page of the ResourceManager's, signed in as the script is. */
export async function open(page: Page, path: string): Promise<void> {
  const known = await page.context().cookies(url);
  if (known.length === 0) {
    await page.goto(`${url}/?lang=en`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
  }
  await page.goto(`${url}/connections/rm/${path}`);
}

/** What a ResourceManager itself says to one who may see everything. */
export async function theirs<T>(request: APIRequestContext, path: string, address = manager): Promise<T> {
  const separator = path.includes("?") ? "&" : "?";
  const reply = await request.get(`${address}/ws/v1/cluster${path}${separator}user.name=admin`, {
    headers: { Accept: "application/json" },
  });
  expect(reply.status(), await reply.text()).toBe(200);
  return reply.json();
}

/** Submits an application past Howdah, which goes on for an hour where there is a node for it. */
export async function submit(
  request: APIRequestContext,
  address: string,
  name: string,
  more: object = {},
): Promise<string> {
  const apps = `${address}/ws/v1/cluster/apps`;
  const taken = await request.post(`${apps}/new-application?user.name=alice`, { data: {} });
  const { "application-id": id } = (await taken.json()) as { "application-id": string };
  const submitted = await request.post(`${apps}?user.name=alice`, { data: { ...submission(id, name), ...more } });
  expect(submitted.status(), await submitted.text()).toBe(202);
  return id;
}

/** An application that waits for an hour. */
export function submission(id: string, name: string): object {
  return {
    "application-id": id,
    "application-name": name,
    "application-type": "TEST",
    "am-container-spec": { commands: { command: "sleep 3600" } },
    resource: { memory: 128, vCores: 1 },
    queue: "default",
  };
}

export type App = {
  id: string;
  name: string;
  user: string;
  queue: string;
  state: string;
  finalStatus: string;
  applicationType: string;
  applicationTags: string;
  priority: number;
  diagnostics?: string;
  allocatedMB: number;
  allocatedVCores: number;
};

/** An application as the ResourceManager itself tells it. */
export const app = async (request: APIRequestContext, id: string): Promise<App> =>
  (await theirs<{ app: App }>(request, `/apps/${id}`)).app;

/** All applications as the ResourceManager itself lists them. */
export const apps = async (request: APIRequestContext, filter = ""): Promise<App[]> =>
  (await theirs<{ apps: { app?: App[] } | null }>(request, `/apps${filter}`)).apps?.app ?? [];

/** A word that stands in nothing else. */
export const unique = (): string => `w${crypto.randomUUID().slice(0, 8)}`;
