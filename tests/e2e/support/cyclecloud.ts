// The simulated CycleCloud as a script uses it, by way of Howdah.
import { type APIRequestContext, expect, type Page } from "@playwright/test";
import { behave, service } from "./sandbox";

export type Node = { NodeId: string; Name: string; Template: string; Status: string; MachineType: string; PrivateIp?: string; PlacementGroupId?: string };

/** A page of a cluster, whose name may hold a slash. */
export const at = (cluster: string, below = "") => `./connections/cyclecloud/clusters/${encodeURIComponent(cluster)}${below}`;

/** Where the paths of a cluster begin. */
export const paths = (cluster: string) => `./api/connections/cyclecloud/clusters/${encodeURIComponent(cluster)}`;

/** Every node of a cluster. */
export async function nodes(request: APIRequestContext, cluster: string): Promise<Node[]> {
  const reply = await request.get(`${paths(cluster)}/nodes`);
  expect(reply.ok(), await reply.text()).toBe(true);
  return (await reply.json()).nodes;
}

/** Adds nodes to an array. */
export async function add(request: APIRequestContext, cluster: string, nodearray: string, count: number): Promise<void> {
  const reply = await request.post(`${paths(cluster)}/nodes/create`, { data: { sets: [{ count, nodearray }] } });
  expect(reply.status(), await reply.text()).toBe(202);
}

/** What the service has begun. Its certificate is its own. */
export async function begun(request: APIRequestContext): Promise<{ id: string; cluster: string; requestId: string; nodes: number }[]> {
  const reply = await request.get(`${await service(request, "cyclecloud")}/_sandbox/runs`, { ignoreHTTPSErrors: true });
  return reply.json();
}

/** Has the service behave otherwise than usual; the test ignores what browsers say of its certificate. */
export const cycleBehaves = async (request: APIRequestContext, behaviour: object): Promise<void> =>
  behave(request, behaviour, await service(request, "cyclecloud"));

/** Opens a page and waits until all that it asked for first is there. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator("html[data-howdah=ready]").waitFor();
}
