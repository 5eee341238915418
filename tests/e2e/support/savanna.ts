// The simulated Savanna as a script uses it, by way of Howdah.
import { type APIRequestContext, expect } from "@playwright/test";
import { behave, service } from "./sandbox";

export type Cluster = {
  id: string;
  name: string;
  status: string;
  plugin_name: string;
  hadoop_version: string;
  cluster_template_id: string;
  default_image_id: string;
  node_groups: { name: string; count: number; instances: { instance_name: string; internal_ip?: string }[] }[];
};

/** Where the paths of the connection's tenant begin. */
export async function paths(request: APIRequestContext, connection = "savanna"): Promise<string> {
  const connections: { name: string; tenant?: string }[] = await (await request.get("./api/connections")).json();
  return `./api/connections/${connection}/v1.0/${connections.find(({ name }) => name === connection)?.tenant}`;
}

/** Every cluster. */
export async function clusters(request: APIRequestContext): Promise<Cluster[]> {
  const reply = await request.get(`${await paths(request)}/clusters`);
  expect(reply.ok(), await reply.text()).toBe(true);
  return (await reply.json()).clusters;
}

/** The one of a name. */
export async function cluster(request: APIRequestContext, name: string): Promise<Cluster> {
  const found = (await clusters(request)).find((one) => one.name === name);
  expect(found, name).toBeDefined();
  return found!;
}

/** Starts one like the one that there is from the beginning; its id. */
export async function start(request: APIRequestContext, name: string, more: object = {}): Promise<string> {
  const { plugin_name, hadoop_version, cluster_template_id, default_image_id } = await cluster(request, "night");
  const data = { name, plugin_name, hadoop_version, cluster_template_id, default_image_id, ...more };
  const reply = await request.post(`${await paths(request)}/clusters`, { data });
  expect(reply.status(), await reply.text()).toBe(202);
  return (await reply.json()).cluster.id;
}

/** Waits until a cluster is there in a status. */
export async function comesTo(request: APIRequestContext, name: string, status: string): Promise<void> {
  const told = async () => (await clusters(request)).find((one) => one.name === name)?.status;
  await expect.poll(told, { timeout: 45_000 }).toBe(status);
}

/** Has the simulated service behave otherwise than usual. */
export const savannaBehaves = async (request: APIRequestContext, behaviour: object): Promise<void> =>
  behave(request, behaviour, await service(request, "savanna"));
