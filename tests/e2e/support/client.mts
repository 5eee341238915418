// A client as others write it: with the types that a public generator makes of Howdah's OpenAPI document. Compiled and
// called by openapi.spec.ts.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

/** A reply may also be had as a stream of events; this client reads JSON. */
type Json = `application/${string}`;
const open = (baseUrl: string) => createClient<paths, Json>({ baseUrl });

export type Clusters = components["schemas"]["Cluster"][];

export async function clusters(baseUrl: string, connection: string): Promise<Clusters> {
  const howdah = open(baseUrl);
  const { data, error } = await howdah.GET("/api/clusters/{connection}", { params: { path: { connection } } });
  if (error) throw new Error(`${error.code}: ${error.detail}`);
  return data;
}

/** Runs a cluster again with so many workers, once under a key; gives the service's id and ours. */
export async function runAgain(baseUrl: string, connection: string, cluster_id: string, workers: number, key: string) {
  const howdah = open(baseUrl);
  const { data, response } = await howdah.POST("/api/connections/{connection}/v2/hadoop-eco/clusters/{cluster_id}", {
    params: { path: { connection, cluster_id }, header: { "Idempotency-Key": key } },
    body: { instanceSpecs: [{ type: "WORKER", nodeCnt: workers }] },
  });
  return { service: data?.requestId, ours: response.headers.get("Howdah-Request-Id") };
}

/** What the types refuse; never called. */
export async function refused(howdah: ReturnType<typeof open>) {
  const path = { connection: "hadoop-eco", cluster_id: "x" };
  // @ts-expect-error: a number is not a word.
  const kind: components["schemas"]["HadoopEcoV2InstanceSpec"] = { type: "WORKER", nodeCnt: "6" };
  // @ts-expect-error: there is no such group.
  const group: components["schemas"]["HadoopEcoV2InstanceSpec"] = { type: "WORKERS" };
  // @ts-expect-error: a path parameter is missing.
  await howdah.GET("/api/clusters/{connection}", {});
  // @ts-expect-error: there is no such query parameter.
  await howdah.GET("/api/requests", { params: { query: { nobodyKnows: "x" } } });
  // @ts-expect-error: only a change takes a key.
  await howdah.GET("/api/me", { params: { header: { "Idempotency-Key": "x" } } });
  const { error } = await howdah.GET("/api/me");
  // @ts-expect-error: a read of Howdah's own has no outcome that is unknown.
  const code = error?.code === "outcome_unknown";
  return { path, kind, group, code };
}
