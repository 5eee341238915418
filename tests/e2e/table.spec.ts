// The long table: its columns, its keys, and what of it is in the address.
import type { Page } from "@playwright/test";
import { expectNoViolations } from "./support/axe";
import { expect, test } from "./support/sandbox";

const settled = "html[data-howdah=ready]";
const LIST = "./connections/yarn/applications";

async function open(page: Page, query = ""): Promise<void> {
  await page.goto(`${LIST}${query}`);
  await page.locator(settled).waitFor();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
}

const menu = (page: Page) => page.getByRole("button", { name: "Columns" });
const box = (page: Page, name: string) => page.getByRole("group", { name: "Columns" }).getByRole("checkbox", { name, exact: true });
/** Those of the chosen columns: before them stands the one that selects. */
const heads = (page: Page) => page.locator(".table-head .cell:not(.col-tick)").allTextContents();
const cells = (page: Page) => page.getByRole("row").nth(1).locator(".cell:not(.col-tick)");
const columnsIn = (page: Page) => new URL(page.url()).searchParams.get("cols");

test("columns are chosen by pointer; the address keeps them, and gives them up again", async ({ page }) => {
  await open(page);
  const fit = ["Id", "Name", "State", "User", "Queue", "Progress", "Started", "Elapsed"];
  await expect.poll(() => heads(page)).toEqual(fit);
  await menu(page).click();
  await box(page, "Id").uncheck();
  await box(page, "Memory").check();
  const chosen = ["Name", "State", "User", "Queue", "Progress", "Started", "Elapsed", "Memory"];
  await expect.poll(() => heads(page)).toEqual(chosen);
  await expect(cells(page)).toHaveCount(chosen.length);
  await expect.poll(() => columnsIn(page)).toBe("name,state,user,queue,progress,started,elapsed,memory");

  await page.reload();
  await expect.poll(() => heads(page)).toEqual(chosen);
  await page.getByRole("navigation").getByRole("link", { name: "Fleet" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
  await page.goBack();
  await expect.poll(() => heads(page)).toEqual(chosen);

  await menu(page).click();
  await page.getByRole("button", { name: "As many as fit" }).click();
  await expect(box(page, "Id")).toBeHidden();
  await expect.poll(() => heads(page)).toEqual(fit);
  await expect.poll(() => columnsIn(page)).toBeNull();
  // The width decides again.
  await page.setViewportSize({ width: 700, height: 800 });
  await expect.poll(() => heads(page)).toEqual(["Name", "State", "User", "Queue"]);
});

test("columns are chosen by keyboard, and one stays", async ({ page }) => {
  await open(page, "?cols=name,state");
  expect(await heads(page)).toEqual(["Name", "State"]);
  await menu(page).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(box(page, "Id")).toBeFocused();
  await page.keyboard.press("Space");
  await expect.poll(() => heads(page)).toEqual(["Id", "Name", "State"]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect.poll(() => heads(page)).toEqual(["Id"]);
  await expect(box(page, "Id")).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(box(page, "Id")).toBeHidden();
  await expect(menu(page)).toBeFocused();
});

test("an address with columns that nobody knows shows those that fit", async ({ page }) => {
  await open(page, "?cols=colour");
  expect(await heads(page)).toContain("Queue");
});

test("on a phone more columns than fit scroll within the table", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  expect(await heads(page)).toEqual(["Name", "State"]);
  await menu(page).click();
  for (const name of ["Id", "Queue", "Started", "Memory", "Containers"]) await box(page, name).check();
  await expectNoViolations(page);
  await page.keyboard.press("Escape");
  await expect.poll(() => heads(page)).toHaveLength(7);
  const last = page.getByRole("columnheader", { name: "Containers" });
  await expect(last).not.toBeInViewport();
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport({ ratio: 1 });
  // Head and rows have gone together, and the page has not.
  const left = async (locator: ReturnType<typeof cells>) => (await locator.boundingBox())?.x;
  expect(await left(cells(page).last())).toBe(await left(last));
  expect(await page.evaluate(() => [document.documentElement.scrollWidth, window.scrollX])).toEqual([390, 0]);
});

test("the keys begin with what is in sight", async ({ page }) => {
  await open(page);
  const grid = page.getByRole("grid");
  await grid.hover();
  await page.mouse.wheel(0, 330);
  await expect.poll(() => grid.evaluate((node) => node.scrollTop)).toBe(330);
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  const on = page.getByRole("row", { selected: true });
  await expect(on).toBeInViewport({ ratio: 1 });
  // The eleventh row is cut by the head.
  await expect(on).toHaveAttribute("aria-rowindex", "13");
  expect(await grid.evaluate((node) => node.scrollTop)).toBe(330);
});

test("a link to a row brings it into sight", async ({ context, page }) => {
  // The newest is at the end; the oldest would soon be dropped.
  await open(page, "?sort=id");
  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("End");
  const on = page.getByRole("row", { selected: true });
  await expect(on).toBeInViewport({ ratio: 1 });
  const name = await on.locator(".col-id").textContent();
  await expect.poll(() => new URL(page.url()).searchParams.get("at")).toContain(name ?? "");
  const other = await context.newPage();
  await other.goto(page.url());
  const there = other.getByRole("row", { selected: true });
  await expect(there).toBeInViewport({ ratio: 1 });
  await expect(there.locator(".col-id")).toHaveText(name ?? "");
  expect(await other.getByRole("grid").evaluate((node) => node.scrollTop)).toBeGreaterThan(0);
});

test("going back leads to the row and the filter that were left, however soon", async ({ page }) => {
  // The newest first: the oldest may be forgotten meanwhile.
  await open(page, "?sort=-id&state=SUCCEEDED");
  // The address follows after a pause: here there is none between the last step and the way out, however slow the steps.
  const row = await page.evaluate(async () => {
    const drawn = () => new Promise(requestAnimationFrame);
    const filter = document.querySelector<HTMLInputElement>("input[type=search]");
    if (filter) filter.value = "daily";
    filter?.dispatchEvent(new Event("input", { bubbles: true }));
    await drawn();
    for (let step = 0; step < 2; step++) {
      const down = new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true });
      document.querySelector("[role=grid]")?.dispatchEvent(down);
      await drawn();
    }
    document.querySelector<HTMLAnchorElement>("a.bar-mark")?.click();
    return document.querySelector("[aria-selected=true] .col-id")?.textContent;
  });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
  await page.goBack();
  const on = page.getByRole("row", { selected: true });
  await expect(on.locator(".col-id")).toHaveText(row ?? "");
  await expect(page.getByRole("searchbox")).toHaveValue("daily");
});

test("what was typed as one went on in the history is of no other page", async ({ page }) => {
  await open(page);
  await page.locator("a.bar-mark").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
  await page.goBack();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await page.evaluate(() => {
    const filter = document.querySelector<HTMLInputElement>("input[type=search]");
    if (filter) filter.value = "daily";
    filter?.dispatchEvent(new Event("input", { bubbles: true }));
    history.forward();
  });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
  await page.goBack();
  // By the time that this is written, the other would have been.
  await page.getByRole("searchbox").fill("weekly");
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("weekly");
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
  expect(new URL(page.url()).search).toBe("");
});

test("what changes is marked for a moment, and what is only shown elsewhere is not", async ({ page }) => {
  test.slow();
  // What has ended does not change, but moves down as others end, and away as one types and scrolls.
  await open(page, "?state=SUCCEEDED");
  await page.evaluate(() => {
    const marked: string[] = [];
    new MutationObserver((records) => {
      for (const { target } of records) {
        if (target instanceof Element && target.matches(".cell-changed")) marked.push(target.parentElement?.textContent ?? "");
      }
    }).observe(document.body, { subtree: true, attributeFilter: ["class"] });
    Object.assign(globalThis, { marked });
  });
  const marked = () => page.evaluate(() => (globalThis as unknown as { marked: string[] }).marked);
  const grid = page.getByRole("grid");
  const filter = page.getByRole("searchbox");
  const ids = () => page.locator(".table-window .col-id").allTextContents();
  const before = await ids();
  await expect.poll(ids, { timeout: 60_000 }).not.toEqual(before);
  await filter.fill("daily");
  await expect(page.getByRole("row").nth(1)).toContainText("daily");
  await filter.fill("");
  await grid.evaluate((node) => node.scrollTo(0, node.scrollHeight));
  await expect(page.getByRole("row").last()).toBeInViewport();
  await grid.evaluate((node) => node.scrollTo(0, 0));
  await expect(page.getByRole("row").nth(1)).toBeInViewport();
  expect(await marked()).toEqual([]);
  await page.getByRole("button", { name: /^Succeeded/, pressed: true }).click();
  await expect.poll(marked, { timeout: 30_000 }).not.toEqual([]);
  // Each mark goes.
  const one = await page.locator(".cell-changed").first().elementHandle({ timeout: 30_000 });
  await expect.poll(() => one?.evaluate((cell) => cell.classList.contains("cell-changed"))).toBe(false);
});
