// The OpenAPI document: valid by a public validator, good for a public generator, and true of what Howdah answers.
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import { execFile } from "node:child_process";
import { copyFile, readFile, symlink, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { calls, expect, test } from "./support/sandbox";
import { cluster as savannaCluster, paths } from "./support/savanna";
import { clusterId } from "./support/site";

const PROGRAM = process.env.HOWDAH_PROGRAM ?? "../../target/debug/howdah";
const run = promisify(execFile);

type Operation = { operationId: string; parameters: { name: string; in: string }[]; responses: Record<string, unknown> };
type Document = {
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, unknown> };
};

const printed = async () => (await run(PROGRAM, ["openapi"], { maxBuffer: 1 << 24 })).stdout;

test("the document is valid, and what is served is what is printed", async ({ request, sandbox }) => {
  const text = await printed();
  const { valid, errors } = await new Validator().validate(JSON.parse(text));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  const broken = JSON.parse(text.replace(/"operationId"(: *")/, '"operationIdentity"$1'));
  expect((await new Validator().validate(broken)).valid, "the validator finds a fault").toBe(false);

  const served: Document = await (await request.get("./api/openapi.json")).json();
  expect(served.servers).toEqual([{ url: sandbox.url.replace(/\/$/, "") }]);
  const paper: Document = JSON.parse(text);
  expect(served.paths).toEqual(paper.paths);
  expect(JSON.stringify(served), "no connection is named").not.toContain("failing");
});

test("a generated client compiles, reads, and runs a cluster again once", async ({ request, sandbox }, info) => {
  // The compiler reads some megabytes.
  test.setTimeout(180_000);
  const file = (name: string) => info.outputPath(name);
  await writeFile(file("howdah.json"), await printed());
  await symlink(resolve("node_modules"), file("node_modules"));
  await copyFile("support/client.mts", file("client.mts"));
  const tool = (name: string, args: string[]) => {
    return run(resolve("node_modules/.bin", name), args, { cwd: info.outputDir }).catch((error) => {
      throw new Error(`${name}: ${error.stdout}${error.stderr}`);
    });
  };
  await tool("openapi-typescript", ["howdah.json", "--output", "api.d.ts"]);
  const strict = ["--strict", "--noUncheckedIndexedAccess", "--skipLibCheck", "false"];
  await tool("tsc", [...strict, "--module", "nodenext", "--target", "es2023", "client.mts"]);
  const client = await import(file("client.mjs"));

  const clusters = await client.clusters(sandbox.url.replace(/\/$/, ""), "hadoop-eco");
  expect(clusters[0]).toMatchObject({ name: expect.any(String), hasKey: true });
  // One that no other test runs or looks at.
  const cluster = clusterId("hive-report");
  const runAgain = () => client.runAgain(sandbox.url.replace(/\/$/, ""), "hadoop-eco", cluster, 6, info.testId);
  const begun = await runAgain();
  expect(begun).toEqual({ service: expect.stringMatching(/^req-/), ours: expect.any(String) });
  const { StartRework: before } = await calls(request, "hadoop-eco");
  expect(await runAgain(), "the same key, the same answer").toEqual(begun);
  expect((await calls(request, "hadoop-eco")).StartRework, "nothing is sent again").toBe(before);
});

test("what Howdah answers is what the document says", async ({ request }) => {
  const document: Document = JSON.parse(await printed());
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, "howdah");
  const pointer = (...names: string[]) => names.map((name) => name.replace(/~/g, "~0").replace(/\//g, "~1")).join("/");
  const schema = (path: string, method: string, status: string, media: string) => {
    const place = pointer("paths", path, method, "responses", status, "content", media, "schema");
    return ajv.compile({ $ref: `howdah#/${place}` });
  };

  // Something to read: one run of each version, and its entries.
  const known: Record<string, Record<string, string>> = {};
  // Clusters that no other test runs: those under way take no second run.
  for (const [system, connection, path, name] of [
    ["hadoop-eco-v2", "hadoop-eco", "v2/hadoop-eco/clusters/", "billing-close"],
    ["hadoop-eco-v1", "hadoop-eco-v1", "hadoop-eco/v1/cluster/", "partner-billing"],
  ] as const) {
    const cluster = { id: clusterId(name) };
    const begun = await request.post(`./api/connections/${connection}/${path}${cluster.id}`, { data: {} });
    expect(begun.ok(), await begun.text()).toBe(true);
    const template = `/api/connections/{connection}/${path}{cluster_id}`;
    expect(check(schema(template, "post", "2XX", "application/json"), await begun.json())).toEqual([]);
    known[system] = { connection, cluster_id: cluster.id, request_id: (await begun.json()).requestId };
    known.howdah = { connection, request: begun.headers()["howdah-request-id"] ?? "" };
  }
  const cluster = "./api/connections/yarn/ws/v1/cluster";
  const { apps } = await (await request.get(`${cluster}/apps?limit=1`)).json();
  const { nodes } = await (await request.get(`${cluster}/nodes`)).json();
  known.yarn = { connection: "yarn", application_id: apps.app[0].id, node_id: nodes.node[0].id };

  const [listed, one] = await Promise.all([paths(request), savannaCluster(request, "night")]);
  const first = async (what: string, member: string) => (await (await request.get(`${listed}/${what}`)).json())[member][0].id;
  known.savanna = {
    connection: "savanna",
    tenant_id: listed.split("/").at(-1) ?? "",
    plugin_name: one.plugin_name,
    version: one.hadoop_version,
    image_id: await first("images", "images"),
    node_group_template_id: await first("node-group-templates", "node_group_templates"),
    cluster_template_id: one.cluster_template_id,
    cluster_id: one.id,
  };

  const nodesOf = "./api/connections/cyclecloud/clusters/render%20%2F%20night/nodes";
  const created = await request.post(`${nodesOf}/create`, { data: { sets: [{ count: 1, nodearray: "frames" }] } });
  expect(created.status(), await created.text()).toBe(202);
  const operation_id = (await created.json()).operationId;
  known.cyclecloud = { connection: "cyclecloud", cluster: "render / night", nodearray: "frames", operation_id };

  const connections: { system: string }[] = await (await request.get("./api/connections")).json();
  const systems = new Set(["howdah", ...connections.map(({ system }) => system)]);
  let read = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    const operation = methods.get;
    if (!operation || operation.operationId === "howdah-ShowPicture") continue;
    const system = operation.operationId.replace(/-[^-]*$/, "");
    // The document tells of every system, the sandbox has some of them.
    if (!systems.has(system)) continue;
    const values = known[system] ?? {};
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
    const verbose = operation.parameters.some(({ name }) => name === "verbose") ? "?verbose=true" : "";
    const reply = await request.get(`.${address}${verbose}`);
    // What only today's services have is unknown to one of the reference's versions.
    if (path.includes("/v1.1/")) {
      expect(reply.status(), address).toBe(404);
      continue;
    }
    const success = ["300", "2XX", "200"].find((status) => status in operation.responses) ?? "200";
    expect(reply.status(), `${address}: ${await reply.text()}`).toBe(success === "300" ? 300 : 200);
    expect(check(schema(path, "get", success, "application/json"), await reply.json()), path).toEqual([]);

    const nobody = await request.get(`.${address}?nobodyKnows=1`, { headers: { accept: "application/problem+json" } });
    const problem = await nobody.json();
    expect(check(schema(path, "get", "400", "application/problem+json"), problem), path).toEqual([]);
    const other = { ...problem, code: "outcome_unknown" };
    expect(check(schema(path, "get", "400", "application/problem+json"), other), path).not.toEqual([]);
    read += 1;
  }
  expect(read).toBeGreaterThan(24);
  const me = { ...(await (await request.get("./api/me")).json()), more: 1 };
  expect(check(schema("/api/me", "get", "200", "application/json"), me), "a member too many is found").not.toEqual([]);
});

/** What a value has against a schema. */
function check(fits: ReturnType<Ajv2020["compile"]>, value: unknown): string[] {
  fits(value);
  return (fits.errors ?? []).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}
