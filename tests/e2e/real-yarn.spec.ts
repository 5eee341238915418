// A real ResourceManager, as the console shows it and as scripts call it; HOWDAH_APPLICATIONS are the ids that it lists
// itself.
import { type APIRequestContext, expect, test } from "@playwright/test";
import { headers, manager, open, submission, through } from "./support/peer";

const applications = (process.env.HOWDAH_APPLICATIONS ?? "").split(",").filter(Boolean);

test("the applications of a real ResourceManager are in the table", async ({ page }) => {
  expect(applications).not.toHaveLength(0);
  await open(page, "applications");
  const table = page.getByRole("table").or(page.getByRole("grid"));
  for (const id of applications) {
    // The table leaves out what every id begins with.
    await expect(table.getByText(id.replace(/^application_/, ""), { exact: true })).toBeVisible();
  }
});

test("an application is submitted, accepted, moved and killed", async ({ request }) => {
  const taken = await request.post(`${through}/apps/new-application`, { headers });
  expect(taken.status()).toBe(200);
  const { "application-id": id } = (await taken.json()) as { "application-id": string };
  const submitted = await request.post(`${through}/apps`, { headers, data: submission(id, "by Howdah") });
  expect(submitted.status()).toBe(202);
  // Where the service says that it is to be found, by way of Howdah.
  expect(submitted.headers().location).toBe(`/api/connections/rm/ws/v1/cluster/apps/${id}`);
  await comesTo(request, id, "state", { state: /ACCEPTED|RUNNING/ });

  const moved = await request.put(`${through}/apps/${id}/queue`, { headers, data: { queue: "root.eng.adhoc" } });
  expect(moved.status(), await moved.text()).toBe(200);
  await comesTo(request, id, "queue", { queue: /(^|\.)adhoc$/ });
  const nowhere = await request.put(`${through}/apps/${id}/queue`, { headers, data: { queue: "root.nowhere" } });
  expect(nowhere.status()).toBe(403);

  await Promise.all(READS(id).map((path) => sameShape(request, path)));

  const killed = await request.put(`${through}/apps/${id}/state`, { headers, data: { state: "KILLED" } });
  expect([200, 202]).toContain(killed.status());
  await comesTo(request, id, "state", { state: /^KILLED$/ });
  const again = await request.put(`${through}/apps/${id}/queue`, { headers, data: { queue: "default" } });
  expect(again.status()).toBe(400);
  expect(await again.text()).toContain("App in KILLED state cannot be moved.");
});

/** Waits until a property of an application is like that. */
async function comesTo(request: APIRequestContext, id: string, what: string, like: Record<string, RegExp>) {
  const matching = Object.fromEntries(Object.entries(like).map(([key, value]) => [key, expect.stringMatching(value)]));
  const asked = async () => (await request.get(`${through}/apps/${id}/${what}`, { headers })).json();
  await expect.poll(asked).toEqual(matching);
}

const READS = (id: string) => [
  "",
  "/info",
  "/metrics",
  "/scheduler",
  "/apps",
  `/apps?states=ACCEPTED,RUNNING&deSelects=resourceRequests`,
  `/apps/${id}`,
  `/apps/${id}/appattempts`,
  `/apps/${id}/state`,
  `/apps/${id}/queue`,
  "/appstatistics",
  "/nodes",
];

/** Howdah's reply has the form of the ResourceManager's own: what it writes comes through. */
async function sameShape(request: APIRequestContext, path: string): Promise<void> {
  const separator = path.includes("?") ? "&" : "?";
  const [ours, theirs] = await Promise.all([
    request.get(through + path, { headers }),
    request.get(`${manager}/ws/v1/cluster${path}${separator}user.name=admin`, { headers: { Accept: "application/json" } }),
  ]);
  expect(ours.status(), path).toBe(200);
  expect(shape(await ours.json()), path).toEqual(shape(await theirs.json()));
}

/** The paths of all members, but for what a list holds more than one of. */
function shape(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  const members = Array.isArray(value) ? value.slice(0, 1).map((member) => ["[]", member] as const) : Object.entries(value);
  return members.flatMap(([name, member]) => shape(member, `${path}.${name}`)).sort();
}
