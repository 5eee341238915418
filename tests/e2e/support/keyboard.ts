// A page by keys alone.
import { expect, type Page } from "@playwright/test";

type Kept = { wanted: Element[]; reached: Set<Element> };

/** Fails with what can be pressed or filled and is not reached by Tab, or does not show that it is. */
export async function expectReachable(page: Page) {
  const count = await page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary, [tabindex]")];
    const wanted = all.filter((one) => one.tabIndex >= 0 && !one.matches(":disabled") && one.checkVisibility({ visibilityProperty: true }));
    Object.assign(globalThis, { kept: { wanted, reached: new Set() } satisfies Kept });
    (document.activeElement as HTMLElement | null)?.blur();
    return wanted.length;
  });
  expect(count).toBeGreaterThan(2);
  // Once round the page, with what lies before and after it.
  for (let tabs = 0; tabs < count + 3; tabs += 1) {
    await page.keyboard.press("Tab");
    // Radio buttons of one name are one stop; arrows lead from one to the next, and round to the first again.
    for (let left = await ofGroup(page); left > 0; left -= 1) {
      await page.keyboard.press("ArrowDown");
      await page.evaluate(() => {
        const { reached } = (globalThis as unknown as { kept: Kept }).kept;
        if (document.activeElement) reached.add(document.activeElement);
      });
    }
    const hidden = await page.evaluate(() => {
      const { reached } = (globalThis as unknown as { kept: Kept }).kept;
      const on = document.activeElement;
      if (!on || on === document.body) return null;
      reached.add(on);
      const { outlineStyle, outlineWidth } = getComputedStyle(on);
      return outlineStyle === "none" || outlineWidth === "0px" ? on.outerHTML : null;
    });
    expect(hidden, "it does not show that the focus is on it").toBeNull();
  }
  const missed = await page.evaluate(() => {
    const { wanted, reached } = (globalThis as unknown as { kept: Kept }).kept;
    // What was drawn anew meanwhile is another element.
    return wanted.filter((one) => one.isConnected && one.checkVisibility() && !reached.has(one)).map((one) => one.outerHTML);
  });
  expect(missed).toEqual([]);
}

/** How many radio buttons the one belongs to that the focus is on; 0 where it is on none. */
const ofGroup = (page: Page) =>
  page.evaluate(() => {
    const on = document.activeElement;
    if (!(on instanceof HTMLInputElement) || on.type !== "radio") return 0;
    return document.querySelectorAll(`input[type=radio][name="${CSS.escape(on.name)}"]`).length;
  });
