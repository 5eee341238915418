// The whole way: from the fleet to a cluster, run again with more workers, confirmed, and followed to its end by a
// journal that outlives the tab and the proxy.
import { clusterId, expect, test } from "./support/site";

test("a run is followed to its end, also after the tab was closed and the proxy restarted", async ({ context, site }) => {
  test.setTimeout(120_000);
  const page = await context.newPage();
  const heading = page.getByRole("heading", { level: 1 });
  const main = page.getByRole("main");
  await site.signIn(page);

  await main.getByRole("link", { name: "Hadoop Eco", exact: true }).click();
  await expect(heading).toHaveText("Clusters");
  await main.getByRole("link", { name: "nightly-etl", exact: true }).click();
  await expect(heading).toHaveText("nightly-etl");
  await expect(main.getByText("3 × m2a.xlarge, 100 GB")).toBeVisible();
  await main.getByRole("link", { name: "Run again", exact: true }).click();
  await expect(heading).toHaveText("Run nightly-etl again");

  // What would change is said before anything is sent.
  const changes = page.getByRole("region", { name: "What changes" });
  await expect(changes).toContainText("Nothing: it runs as it ran last.");
  const workers = page.getByLabel("Workers", { exact: true });
  await expect(workers).toHaveValue("3");
  await workers.fill("6");
  await expect(changes.getByRole("row", { name: "Workers 3 6", exact: true })).toBeVisible();
  expect(await site.started()).toHaveLength(0);

  // One confirmation is one call, whatever is clicked.
  await page.getByRole("button", { name: "Run again with 6 workers" }).dblclick();
  await expect(page).toHaveURL(/\/requests\/[^/]+$/);
  await expect(heading).toHaveText("Run of nightly-etl");
  await expect(main.getByText("instanceSpecs[0].nodeCnt")).toBeVisible();
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages.getByRole("link", { name: "Activity" })).toHaveAttribute("aria-current", "page");
  const started = await site.started();
  expect(started).toEqual([{ clusterId: clusterId("nightly-etl"), requestId: expect.stringMatching(/^req-/) }]);
  const serviceId = started[0]?.requestId ?? "";
  await expect(main.getByRole("button", { name: `Copy ${serviceId}` })).toBeVisible();
  const timeline = main.locator("section", { has: page.getByRole("heading", { name: "What was seen" }) });
  await expect(timeline).toContainText("Creating");

  const address = page.url();
  const entry = `api/requests/${address.split("/").pop()}`;
  await page.close();
  expect((await site.ask<{ state: string }>(entry)).state).toBe("running");
  await site.restart();

  const later = await context.newPage();
  await later.goto(address);
  await expect(later.getByRole("heading", { level: 1 })).toHaveText("Run of nightly-etl");
  await expect(later.getByRole("button", { name: `Copy ${serviceId}` })).toBeVisible();
  await expect(later.locator(".page-head").getByText("Succeeded")).toBeVisible({ timeout: 60_000 });
  expect(await site.started()).toEqual(started);
  const { events } = await site.ask<{ events: { state: string }[] }>(entry);
  expect(events.map((event) => event.state)).toContain("running");
  expect(events.at(-1)?.state).toBe("succeeded");

  // The cluster and the activity tell of it too.
  await later.getByRole("main").getByRole("link", { name: "nightly-etl", exact: true }).click();
  await expect(later.getByRole("main").getByText("6 × m2a.xlarge, 100 GB")).toBeVisible();
  await later.getByRole("link", { name: "Activity" }).click();
  await expect(later.getByRole("row", { name: /Run of nightly-etl.*Succeeded.*tester/ }).first()).toBeVisible();
});
