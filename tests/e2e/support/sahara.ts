// A real Sahara behind Howdah's connection `password`, which is opened as a person does and asked as a script does.
// HOWDAH_SAHARA_PROJECT is the file in which the peer says what it has.
import { type APIRequestContext, expect, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { headers, token, url } from "./peer";

type Told = { project: string; images: Record<string, string> };
const told: Promise<Told> = readFile(process.env.HOWDAH_SAHARA_PROJECT ?? "", "utf8").then((text) => JSON.parse(text));

/** The network that instances are on. */
export const NETWORK = "11111111-1111-4111-8111-111111111111";
/** The plugin whose clusters need no machines. */
export const fake = { plugin_name: "fake", hadoop_version: "0.1" };

/** The id of one of Glance's images. */
export const imageOf = async (name: string): Promise<string> => (await told).images[name] ?? "";

/** Calls the service by way of Howdah, as a script does. */
export async function call<T>(
  request: APIRequestContext,
  method: string,
  path: string,
  status: number,
  data?: object,
): Promise<T> {
  const root = `${url}/api/connections/password/v1.0/${(await told).project}`;
  const reply = await request.fetch(`${root}/${path}`, { method, headers, data });
  expect(reply.status(), `${method} ${path}: ${await reply.text()}`).toBe(status);
  return (status === 204 ? undefined : await reply.json()) as T;
}

/** Opens a page of the connection's, signed in. */
export async function open(page: Page, path: string): Promise<void> {
  if ((await page.context().cookies(url)).length === 0) {
    await page.goto(`${url}/?lang=en`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
  }
  await page.goto(`${url}/connections/password/${path}`);
  await page.locator("html[data-howdah=ready]").waitFor();
}

/** The state in a page's head. */
export const mark = (page: Page) => page.locator(".page-head .mark");

/** A button of the page's own, whose acts stand in its head and, on a phone, at its foot. */
export const button = (page: Page, name: string) =>
  page.getByRole("main").getByRole("button", { name, exact: true }).first();

/** The lines of a group's nodes, its head among them. */
export const nodes = (page: Page, group: string) =>
  page.getByRole("table", { name: `Nodes of ${group}` }).getByRole("row");

/** Terminates the cluster whose page is open, and waits until it is gone. */
export async function terminate(page: Page, name: string): Promise<void> {
  await button(page, "Terminate").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
  await dialog.getByRole("button", { name: "Terminate the cluster" }).click();
  await expect(page.getByText("The service does not know it any more.")).toBeVisible({ timeout: 60_000 });
}
