// The long table: its keys, and what of it is in the address.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/sandbox";

const settled = "html[data-howdah=ready]";
const LIST = "./connections/yarn/applications";

async function open(page: Page, query = ""): Promise<void> {
  await page.goto(`${LIST}${query}`);
  await page.locator(settled).waitFor();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
}

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
  const name = await on.getByRole("gridcell").first().textContent();
  await expect.poll(() => new URL(page.url()).searchParams.get("at")).toContain(name ?? "");
  const other = await context.newPage();
  await other.goto(page.url());
  const there = other.getByRole("row", { selected: true });
  await expect(there).toBeInViewport({ ratio: 1 });
  await expect(there.getByRole("gridcell").first()).toHaveText(name ?? "");
  expect(await other.getByRole("grid").evaluate((node) => node.scrollTop)).toBeGreaterThan(0);
});
