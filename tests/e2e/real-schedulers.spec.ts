// The schedulers that are not the usual one, each on a real ResourceManager; HOWDAH_SCHEDULER says which.
import { expect, test } from "@playwright/test";
import { headers, manager, through } from "./support/peer";

const scheduler = process.env.HOWDAH_SCHEDULER ?? "";

test("who gives no name is turned away, and Howdah gives its own", async ({ request }) => {
  expect((await request.get(`${manager}/ws/v1/cluster/metrics`)).status()).toBe(401);
  expect((await request.get(`${through}/metrics`, { headers })).status()).toBe(200);
});

test("what the scheduler tells comes through as it is", async ({ request }) => {
  const [ours, theirs] = await Promise.all([
    request.get(`${through}/scheduler`, { headers }),
    request.get(`${manager}/ws/v1/cluster/scheduler?user.name=admin`, { headers: { Accept: "application/json" } }),
  ]);
  expect(ours.status()).toBe(200);
  const reply = (await ours.json()) as { scheduler: { schedulerInfo: { type: string } } };
  expect(reply.scheduler.schedulerInfo.type).toBe(`${scheduler}Scheduler`);
  expect(reply).toEqual(await theirs.json());
});
