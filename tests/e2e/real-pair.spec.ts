// A real pair of ResourceManagers, switched by hand while Howdah stands in front of it.
import { expect, type Page, test } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { look } from "./support/axe";
import { headers, manager, open, script, state, submit, through, url } from "./support/peer";

const second = process.env.HOWDAH_MANAGER_2 ?? "";

// They switch the same pair.
test.describe.configure({ mode: "serial" });

/** The application's row in the table, which leaves out what every id begins with. */
const row = (page: Page, id: string) =>
  page.getByRole("grid").getByText(id.replace(/^application_/, ""), { exact: true });

/** The names of the events of a stream, and what they hold, as they come. */
async function* events(path: string): AsyncGenerator<{ event: string; data: string }> {
  const reply = await fetch(through + path, { headers: { ...headers, Accept: "text/event-stream" } });
  expect(reply.status).toBe(200);
  let text = "";
  for await (const piece of reply.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const whole = text.split("\n\n");
    text = whole.pop() ?? "";
    for (const block of whole) {
      const event = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (event && data) yield { event, data };
    }
  }
}

test("who watches while the pair is switched goes on, and is told of what happened", async ({ page, request }) => {
  test.setTimeout(180_000);
  const before = await submit(request, manager, "before");
  const told = events("/apps?deSelects=resourceRequests");
  const next = async (events: string[], holds: string) => {
    for (let one = await told.next(); !one.done; one = await told.next()) {
      if (events.includes(one.value.event) && one.value.data.includes(holds)) return;
    }
    throw new Error(`the stream ended before ${events.join(" or ")} with ${holds}`);
  };
  await next(["snapshot"], before);
  await open(page, "applications");
  await expect(row(page, before)).toBeVisible();

  await script("ha.sh", "standby", "rm1");
  await next(["problem"], "upstream_standby");
  const stale = page.locator(".stale");
  await expect(stale).toContainText("The server that answered is on standby, so nothing was done.");
  await look(page);
  await expect(row(page, before)).toBeVisible();

  await script("ha.sh", "active", "rm2");
  const after = await submit(request, second, "after");
  // Another run of the service is another list, which may come as a whole.
  await next(["snapshot", "patch"], after);
  await expect(row(page, after)).toBeVisible();
  // The second one goes on with what the first one wrote down.
  await expect(row(page, before)).toBeVisible();
  await expect(stale).toHaveCount(0);
  await script("ha.sh", "standby", "rm2");
  await script("ha.sh", "active", "rm1");
});

/** What Howdah's journal tells of a change. */
type Entry = { target: Record<string, string>; state: string; code?: string };

test("a kill while the pair is switched is sent once at most, and what became of it is told", async ({ request }) => {
  test.setTimeout(240_000);
  const waiting: string[] = [];
  while (waiting.length < 200) {
    const batch = Array.from({ length: 10 }, (_, number) => submit(request, manager, `to be killed ${number}`));
    waiting.push(...(await Promise.all(batch)));
  }
  let switching = true;
  const switched = (async () => {
    await script("ha.sh", "standby", "rm1");
    await script("ha.sh", "active", "rm2");
  })().finally(() => (switching = false));

  // One after the other, for as long as it takes, each told of at once.
  const told = new Map<string, number>();
  for (const id of waiting) {
    if (!switching) break;
    const reply = await request.put(`${through}/apps/${id}/state`, { headers, data: { state: "KILLED" } });
    told.set(id, reply.status());
    if (reply.status() === 503) expect((await reply.json()).code).toBe("upstream_standby");
    // Not all of them before it has begun.
    await Promise.all([manager, second].map((address) => request.get(`${address}/ws/v1/cluster/info`)));
  }
  await switched;
  const last = waiting.at(-1) ?? "";
  const reply = await request.put(`${through}/apps/${last}/state`, { headers, data: { state: "KILLED" } });
  expect([200, 202, 503]).toContain(reply.status());
  told.set(last, reply.status());
  expect(new Set([...told.values()].map((status) => Math.floor(status / 100)))).toEqual(new Set([2, 5]));

  // Each ResourceManager logs each kill that it is asked for.
  const logs = await Promise.all(["rm1", "rm2"].map((name) => readFile(`${state}/logs/${name}.log`, "utf8")));
  const asked = (id: string) =>
    logs.join("\n").split("\n").filter((line) => line.includes("=Kill Application Request") && line.includes(id)).length;
  const journal = new Map<string, Entry>();
  for (const id of told.keys()) {
    const listed = await request.get(`${url}/api/requests?connection=rm&target=${id}`, { headers });
    const entries = ((await listed.json()) as { requests: Entry[] }).requests;
    expect(entries, id).toHaveLength(1);
    journal.set(id, entries[0]!);
  }
  for (const [id, status] of told) {
    const entry = journal.get(id);
    expect(["intended", "sent"], id).not.toContain(entry?.state);
    if (status < 300) {
      expect(asked(id), id).toBe(1);
    } else if (status === 503) {
      // Nothing was done, and nobody was asked but a standby.
      expect(asked(id), id).toBe(0);
      expect(entry, id).toMatchObject({ state: "refused", code: "upstream_standby" });
    } else {
      expect(asked(id), id).toBeLessThanOrEqual(1);
      expect(entry?.state, id).toBe("unknown");
    }
  }
});
