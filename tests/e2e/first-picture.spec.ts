// A list that is watched already stands in its page before the console has come.
import type { Page } from "@playwright/test";
import { expectNoViolations } from "./support/axe";
import { expect, test } from "./support/sandbox";

const LIST = "./connections/yarn/applications";
const settled = "html[data-howdah=ready]";
const drawn = (page: Page) => page.locator("body[inert]");

/** Has somebody watch the list, so that whoever comes next finds it drawn. */
async function watchedBy(page: Page): Promise<void> {
  await page.goto(`${LIST}?lang=en`);
  await expect(page.getByText(/[\d,]+ in all/)).toBeVisible();
}

/** Keeps the console away from a page; what it returns lets it come. */
async function away(page: Page): Promise<() => void> {
  let come = () => {};
  const coming = new Promise<void>((done) => (come = done));
  await page.route(/howdah-frontend.*\.wasm/, async (route) => {
    await coming;
    await route.continue();
  });
  return come;
}

for (const [width, heads] of [
  [390, ["Name", "State"]],
  [1280, ["Id", "Name", "State", "User", "Queue", "Progress", "Started", "Elapsed"]],
] as const) {
  test(`the page shows its list at ${width} pixels before the console comes in its place`, async ({ page, context }) => {
    await watchedBy(page);
    const next = await context.newPage();
    const wrong: string[] = [];
    next.on("console", (line) => line.type() === "error" && wrong.push(line.text()));
    await next.setViewportSize({ width, height: 800 });
    const come = await away(next);
    await next.goto(`${LIST}?lang=en`, { waitUntil: "commit" });
    await expect(drawn(next)).toBeVisible();
    const seen = () => next.locator(".table-head .cell:not(.col-tick):visible").allTextContents();
    expect(await seen()).toEqual(heads);
    const rows = next.locator(".table-window .row");
    await expect(rows.first()).toContainText(/Running|Accepted|Succeeded/);
    const place = await rows.first().boundingBox();

    come();
    await next.locator(settled).waitFor();
    await expect(drawn(next)).toHaveCount(0);
    await expect(next.locator("body")).toHaveCount(1);
    await expect.poll(seen).toEqual(heads);
    // What one was looking at stays where it was.
    expect(await rows.first().boundingBox()).toEqual(place);
    await expectNoViolations(next);
    await next.getByRole("searchbox").fill("no such application");
    await expect(rows).toHaveCount(0);
    expect(wrong).toEqual([]);
  });
}

test("a picture in another language than was chosen here is not shown", async ({ page, context }) => {
  await watchedBy(page);
  await page.evaluate(() => localStorage.setItem("howdah.lang", "ko"));
  const next = await context.newPage();
  const come = await away(next);
  await next.goto(LIST, { waitUntil: "commit" });
  await expect(drawn(next)).toBeHidden();
  await expect(drawn(next)).toHaveCount(1);
  come();
  await expect(next.getByRole("heading", { level: 1 })).toHaveText("애플리케이션");
});

test("where the console does not come, that is said in place of what is only drawn", async ({ page, context }) => {
  await watchedBy(page);
  const next = await context.newPage();
  await next.route(/howdah-frontend.*\.wasm/, (route) => route.abort());
  await next.goto(`${LIST}?lang=en`);
  await expect(next.getByRole("alert")).toContainText("The console could not be loaded");
  await expect(drawn(next)).toHaveCount(0);
});

test("where something else fails meanwhile, the console takes the place of that word too", async ({ page }) => {
  const come = await away(page);
  await page.goto("./?lang=en", { waitUntil: "domcontentloaded" });
  await page.evaluate(() => dispatchEvent(new ErrorEvent("error", { message: "of another's" })));
  await expect(page.getByRole("alert")).toContainText("The console could not be loaded");
  come();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
  await expect(page.getByText("The console could not be loaded")).toHaveCount(0);
});
