// Savanna's pages beside those of its clusters, and what its service then tells.
import type { APIRequestContext, Page } from "@playwright/test";
import { expect } from "./sandbox";
import { paths } from "./savanna";

/** A page of the simulated Savanna. */
export const at = (page: string) => `./connections/savanna/${page}`;

export const ready = (page: Page) => page.locator("html[data-howdah=ready]").waitFor();

/** What the service tells of a path below its tenant's. */
export async function told<T>(request: APIRequestContext, path: string): Promise<T> {
  const reply = await request.get(`${await paths(request)}/${path}`);
  expect(reply.ok(), await reply.text()).toBe(true);
  return reply.json();
}

/** Has something made there, as a script does. */
export async function made<T>(request: APIRequestContext, path: string, data: object): Promise<T> {
  const reply = await request.post(`${await paths(request)}/${path}`, { data });
  expect(reply.ok(), await reply.text()).toBe(true);
  return reply.json();
}
