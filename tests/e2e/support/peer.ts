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

/** Signs in and opens the applications. */
export async function openApplications(page: Page): Promise<void> {
  await page.goto(`${url}/?lang=en`);
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("main").getByRole("link", { name: "rm" }).click();
}

/** Submits an application past Howdah, which goes on for an hour where there is a node for it. */
export async function submit(request: APIRequestContext, address: string, name: string): Promise<string> {
  const apps = `${address}/ws/v1/cluster/apps`;
  const taken = await request.post(`${apps}/new-application?user.name=alice`, { data: {} });
  const { "application-id": id } = (await taken.json()) as { "application-id": string };
  const submitted = await request.post(`${apps}?user.name=alice`, { data: submission(id, name) });
  expect(submitted.status()).toBe(202);
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
