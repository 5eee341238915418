// A hundred clusters: found, sorted and opened, with all of it in the address.
import type { Locator, Page } from "@playwright/test";
import { expectNoViolations } from "./support/axe";
import { expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";

test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--clusters", "100"] });

const LIST = "./connections/hadoop-eco/clusters?lang=en";

async function open(page: Page, query = ""): Promise<void> {
  await page.goto(`${LIST}${query}`);
  await page.locator("html[data-howdah=ready]").waitFor();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
}

const grid = (page: Page) => page.getByRole("grid", { name: "Clusters" });
const names = (page: Page) => grid(page).locator(".table-window .col-name").allTextContents();
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

test("all are there, and only those that can be seen are drawn", async ({ page }) => {
  await open(page);
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "101");
  await expect(page.getByText("100 in all")).toBeVisible();
  expect(await page.getByRole("row").count()).toBeLessThan(50);
  await grid(page).focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("row", { selected: true })).toHaveAttribute("aria-rowindex", "101");
  expect(await page.getByRole("row").count()).toBeLessThan(50);
});

test("they are found by name and by state, and the address says so", async ({ page }) => {
  await open(page);
  await page.getByRole("searchbox", { name: "Name or id" }).fill("정산 hourly");
  await expect(async () => {
    const found = await names(page);
    expect(found.length).toBeGreaterThan(0);
    for (const name of found) expect(name).toMatch(/정산.*hourly/);
  }).toPass();
  await expect.poll(() => parameter(page, "q")).toBe("정산 hourly");
  await page.getByRole("searchbox").fill("");
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "101");
  const failed = page.getByRole("group", { name: "State" }).getByRole("button", { name: /^Failed/ });
  const count = Number((await failed.textContent())?.replace("Failed", ""));
  await failed.click();
  await expect(grid(page)).toHaveAttribute("aria-rowcount", `${count + 1}`);
  await expect.poll(() => parameter(page, "state")).toBe("failed");
  await page.reload();
  await expect(grid(page)).toHaveAttribute("aria-rowcount", `${count + 1}`);
  await expect(failed).toHaveAttribute("aria-pressed", "true");
  const drawn = grid(page).locator(".table-window .col-last");
  await expect(drawn).not.toHaveCount(0);
  for (const state of await drawn.allTextContents()) expect(state).toBe("Failed");

  await page.getByRole("searchbox").fill("nobody calls it so");
  await expect(page.getByText("No cluster fits the filters")).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "101");
});

test("they are sorted by each column, and the link of another tab is sorted alike", async ({ context, page }) => {
  await open(page);
  const before = await names(page);
  // By code unit, as every list of Howdah's is.
  expect(before).toEqual([...before].sort((one, other) => (one < other ? -1 : 1)));
  for (const [head, sort] of [["Name", "-name"], ["Last run", "state"], ["Duration", "-elapsed"], ["Usual", "-usual"], ["When", "-when"]]) {
    await page.getByRole("columnheader", { name: head }).getByRole("button").click();
    await expect.poll(() => parameter(page, "sort")).toBe(sort);
  }
  const sorted = await names(page);
  expect(sorted).not.toEqual(before);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole("columnheader", { name: "When" })).toHaveAttribute("aria-sort", "descending");
  await expect.poll(() => names(other)).toEqual(sorted);
});

test("Enter and a double press open the cluster that one is on, and one comes back to it", async ({ page }) => {
  await open(page);
  await grid(page).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const on = page.getByRole("row", { selected: true });
  const second = (await on.getByRole("link").first().textContent()) ?? "";
  const address = (await on.getByRole("link").first().getAttribute("href")) ?? "";
  await expect.poll(() => parameter(page, "at")).toBe(address.split("/").at(-1));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(second);
  await page.goBack();
  await expect(on.getByRole("link").first()).toHaveText(second);
  const third = page.locator(".table-window .row").nth(2);
  const name = (await third.getByRole("link").first().textContent()) ?? "";
  await third.locator(".col-ago").dblclick();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
});

test("the id of the row that one is on is copied whole, by pointer and by keyboard, and opens nothing", async ({ context, page }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const row = page.locator(".table-window .row");
  expect((await row.first().boundingBox())?.height).toBe(32);
  const button = (at: number) => row.nth(at).getByRole("button", { name: /^Copy / });
  const id = async (at: number) => (await row.nth(at).locator(".col-cluster code").getAttribute("title")) ?? "";
  await expect(button(2)).toBeHidden();
  await row.nth(2).hover();
  await button(2).dblclick();
  await expect.poll(copied).toBe(await id(2));
  expect(await id(2)).toMatch(/^[0-9a-f-]{36}$/);

  await page.mouse.move(0, 0);
  await grid(page).focus();
  await page.keyboard.press("ArrowDown");
  await expect(row.nth(3)).toHaveAttribute("aria-selected", "true");
  for (const at of [0, 1, 2, 4]) await expect(button(at)).toBeHidden();
  await expectNoViolations(page);
  // The heads stand between.
  await expect(async () => {
    await page.keyboard.press("Tab");
    await expect(button(3)).toBeFocused({ timeout: 100 });
  }).toPass();
  await page.keyboard.press("Enter");
  await expect.poll(copied).toBe(await id(3));
  await expect(page.getByRole("heading", { level: 1, name: "Clusters" })).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("a row tells name and state, and a tap anywhere on it opens the cluster", async ({ page }) => {
    await open(page);
    await expect(page.getByRole("columnheader")).toHaveText(["Name", "Last run"]);
    const row = page.locator(".table-window .row").nth(3);
    expect((await row.boundingBox())?.height).toBeGreaterThanOrEqual(40);
    const name = (await row.getByRole("link").first().textContent()) ?? "";
    await row.tap({ position: { x: 330, y: 20 } });
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  });

  test("the primary action stands at the bottom, wherever one has scrolled to", async ({ page }) => {
    await page.goto(`./connections/hadoop-eco/clusters/${clusterId("clickstream-ha")}?lang=en`);
    await page.locator("html[data-howdah=ready]").waitFor();
    const atTheBottom = async (button: Locator) => {
      const box = await button.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(36);
      expect(box?.y).toBeGreaterThan(844 - 100);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844);
    };
    const again = page.getByRole("link", { name: "Run again", exact: true });
    await atTheBottom(again);
    await page.getByRole("table", { name: "Runs" }).scrollIntoViewIfNeeded();
    await atTheBottom(again);
    // By keys it comes where it stands: after all that it is about.
    await page.getByText("Take in a run that was started elsewhere").focus();
    await page.keyboard.press("Tab");
    await expect(again).toBeFocused();
    await again.tap();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run clickstream-ha again");
    await page.getByLabel("Workers", { exact: true }).fill("9");
    await atTheBottom(page.getByRole("button", { name: "Run again with 9 workers" }));
  });
});
