// Pages that keep themselves up to date.
import type { Browser, Page } from "@playwright/test";
import { calls, expect, test } from "./support/sandbox";
import { clusterId, Site, VIEWER } from "./support/site";

const settled = "html[data-howdah=ready]";
const LIST = "./connections/yarn/applications";
/** The ms between two looks at a list in which something changes, however many watch it. */
const LOOKS_APART = 5_000;

/** The newest application's number, which is in the first row. */
async function newest(page: Page): Promise<number> {
  const id = await page.getByRole("row").nth(1).locator(".col-id").textContent();
  return Number(/_(\d+)$/.exec(id ?? "")?.[1]);
}

// Life is quick here, so that much changes between two looks.
test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "600"] });

test.describe("in a busy cluster", () => {
  test("the list follows what changes, without a GET of it", async ({ page }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(LIST);
    await page.locator(settled).waitFor();
    const first = await newest(page);
    await expect(async () => expect(await newest(page)).toBeGreaterThan(first)).toPass({ timeout: 30_000 });
    expect(asked.filter((path) => path.includes("/ws/v1/cluster/apps"))).toEqual([]);
    expect(asked.filter((path) => path.startsWith("/api/watch/")).length).toBeLessThanOrEqual(3);
  });

  test("nothing moves under the pointer, and a press lets in what is new", async ({ page }) => {
    await page.goto(LIST);
    await page.locator(settled).waitFor();
    await page.getByRole("row").nth(3).hover();
    const first = await newest(page);
    const news = page.getByRole("button", { name: /new\. Show them$/ });
    await expect(news).toBeVisible({ timeout: 30_000 });
    expect(await newest(page)).toBe(first);
    await news.click();
    await expect(news).toBeHidden();
    expect(await newest(page)).toBeGreaterThan(first);
  });

  test("a finger goes before its click is told of, and the rows stay for it", async ({ page }) => {
    await page.goto(LIST);
    await page.locator(settled).waitFor();
    const place = page.locator(".table-place");
    await place.dispatchEvent("pointerenter", { pointerType: "touch" });
    const first = await newest(page);
    await expect(page.getByRole("button", { name: /new\. Show them$/ })).toBeVisible({ timeout: 30_000 });
    const then = await place.evaluate(async (place) => {
      place.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "touch" }));
      // The browser tells of a click in its next task.
      const { port1, port2 } = new MessageChannel();
      await new Promise((next) => ((port1.onmessage = next), port2.postMessage(null)));
      return place.querySelector(".table-window .col-id")?.textContent;
    });
    expect(Number(/_(\d+)$/.exec(then ?? "")?.[1])).toBe(first);
    await expect(async () => expect(await newest(page)).toBeGreaterThan(first)).toPass();
  });

  test("nothing moves while text in the table is selected", async ({ page }) => {
    await page.goto(LIST);
    await page.locator(settled).waitFor();
    // From the heading into the table, so that neither the pointer nor the focus stays in it.
    const heading = page.getByRole("heading", { level: 1 });
    await heading.hover();
    await page.mouse.down();
    await page.getByRole("row").nth(3).hover();
    await page.mouse.up();
    await heading.hover();
    const first = await newest(page);
    await expect(page.getByRole("button", { name: /new\. Show them$/ })).toBeVisible({ timeout: 30_000 });
    expect(await newest(page)).toBe(first);
    await heading.click();
    await expect(async () => expect(await newest(page)).toBeGreaterThan(first)).toPass();
  });

  test("twelve tabs stay live at once, and cost the service one call at a time", async ({ context, request }) => {
    // Twelve times the console, on two cores.
    test.setTimeout(300_000);
    const tabs = await Promise.all(Array.from({ length: 12 }, () => context.newPage()));
    for (const tab of tabs) {
      await tab.goto(LIST);
      await tab.locator(settled).waitFor();
    }
    const begun = performance.now();
    const before = await calls(request, "yarn");
    const firsts = await Promise.all(tabs.map(newest));
    for (const [at, tab] of tabs.entries()) {
      await expect(async () => expect(await newest(tab)).toBeGreaterThan(firsts[at] ?? 0)).toPass({ timeout: 30_000 });
    }
    const after = await calls(request, "yarn");
    const looks = (performance.now() - begun) / LOOKS_APART + 2;
    // One look asks for the active ones, for those that have ended, and once more where one is in neither; another may be
    // under way at either end. Twelve tabs of their own would ask twelve times as often.
    const asked = (after.ListApplications ?? 0) - (before.ListApplications ?? 0);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(3 * looks);
  });

  test("a tab in the background lets go, and comes back to what is so now", async ({ page }) => {
    const lines: string[] = [];
    page.on("websocket", (line) => {
      lines.push("open");
      line.on("close", () => lines.push("closed"));
    });
    await page.goto(LIST);
    await page.locator(settled).waitFor();
    await inSight(page, false);
    await expect.poll(() => lines).toEqual(["open", "closed"]);
    const first = await newest(page);
    await inSight(page, true);
    await expect(async () => expect(await newest(page)).toBeGreaterThan(first)).toPass({ timeout: 30_000 });
    expect(lines).toEqual(["open", "closed", "open"]);
  });
});

/** Tells the page that it is, or is not, to be seen: a headless browser shows all of its pages. */
async function inSight(page: Page, seen: boolean): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, seen ? "visible" : "hidden");
}

test.describe("with tokens", () => {
  let site: Site;
  test.beforeAll(async () => {
    site = await Site.open(60);
  });
  test.afterAll(() => site.close());

  async function open(browser: Browser, token?: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await site.signIn(page, token);
    await page.goto(`${site.url}connections/yarn/applications`);
    await page.locator(settled).waitFor();
    return page;
  }

  test("a restart of the proxy is no more than a moment", async ({ browser }) => {
    const page = await open(browser);
    let loads = 0;
    page.on("load", () => loads++);
    const lines: Promise<unknown>[] = [];
    page.on("websocket", (line) => lines.push(line.waitForEvent("framereceived")));
    await site.restart();
    await expect.poll(() => lines.length).toBeGreaterThan(0);
    await Promise.any(lines);
    await expect(page.getByRole("row").nth(1)).toBeVisible();
    await expect(page.getByText("Howdah cannot be reached from this browser.")).toBeHidden();
    expect(loads).toBe(0);
    await page.context().close();
  });

  test("restart upon restart, and the page is right and the run is followed to its end", async ({ browser }) => {
    test.setTimeout(180_000);
    const page = await open(browser);
    const cluster = `/v2/hadoop-eco/clusters/${clusterId("nightly-etl")}`;
    const before = await site.started();
    await site.ask(`api/connections/hadoop-eco${cluster}`, { instanceSpecs: [{ type: "WORKER", nodeCnt: 4 }] });
    const [{ id }] = (await site.ask<{ requests: [{ id: string }] }>("api/requests?limit=1")).requests;
    await page.goto(`${site.url}requests/${id}`);
    await page.locator(settled).waitFor();
    let loads = 0;
    page.on("load", () => loads++);
    // Each as soon as the last one listens: most often while the page and the tracker are asking.
    for (let time = 0; time < 60; time++) await site.restart();
    await expect(page.locator(".page-head").getByText("Succeeded")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("Howdah cannot be reached from this browser.")).toBeHidden();
    expect(loads).toBe(0);
    expect((await site.started()).length).toBe(before.length + 1);
    await page.context().close();
  });

  test("signing out in one tab ends the others at once", async ({ browser }) => {
    const page = await open(browser, VIEWER);
    const other = await page.context().newPage();
    await other.goto(`${site.url}connections/yarn/applications`);
    await other.locator(settled).waitFor();
    await page.getByRole("button", { name: "Signed in as viewer" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(other.getByLabel("Token")).toBeVisible();
    await page.context().close();
  });
});
