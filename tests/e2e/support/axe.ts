// axe in the page as it stands: no violation is acceptable.
import { expect, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Fails with the rules and places that axe complains of. */
export async function expectNoViolations(page: Page) {
  await page.evaluate(await source);
  const violations = await page.evaluate(async () => {
    // @ts-expect-error axe has just been put into the page
    const results = await window.axe.run();
    return results.violations.map((found: { id: string; nodes: { html: string }[] }) => [found.id, found.nodes.map((node) => node.html)]);
  });
  expect(violations).toEqual([]);
}

/** Looks at the page in both themes, on a phone and at a zoom of 200 %. */
export async function look(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectNoViolations(page);
  }
  const before = page.viewportSize();
  for (const width of [390, 640]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  if (before) await page.setViewportSize(before);
}
