// What the list of applications is filtered by, which columns it has, and what is saved of it.
import type { Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { expectNoViolations } from "./support/axe";
import { expect, test } from "./support/sandbox";
import { Site } from "./support/site";

const settled = "html[data-howdah=ready]";
const LIST = "./connections/yarn/applications";

async function open(page: Page, query = ""): Promise<void> {
  await page.goto(`${LIST}${query}`);
  await page.locator(settled).waitFor();
  // At first there may be the active ones alone.
  await expect(page.locator(".page-head-fact.number")).toHaveText(/ in all$|^[\d,]+ of /);
}

const filters = (page: Page) => page.getByRole("group", { name: "Filters" });
/** What a column says in the rows that are drawn. */
const column = (page: Page, name: string) => page.locator(`.table-window .${name}`).allTextContents();
/** How many rows fit, and of how many. */
const counted = async (page: Page) =>
  (await page.locator(".page-head-fact.number").textContent())?.replaceAll(",", "").match(/\d+/g)?.map(Number) ?? [];
const said = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const only = (values: string[]) => [...new Set(values)];

// As slow as life, so that what is counted is still so when it is chosen.
test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "1", "--applications", "400"] });

test("a link comes with filters, which are cleared one by one and together", async ({ page }) => {
  await open(page, "?user=etl,ml&queue=root.eng.etl&cols=id,user,queue");
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  expect(only(await column(page, "col-queue"))).toEqual(["root.eng.etl"]);
  expect(only(await column(page, "col-word")).sort()).toEqual(["etl", "ml"]);
  await expect(filters(page).getByRole("button", { name: "User: etl, ml", exact: true })).toBeVisible();
  const [both = 0] = await counted(page);

  await filters(page).getByRole("button", { name: "Clear: User" }).click();
  await expect.poll(() => said(page, "user")).toBeNull();
  expect(said(page, "queue")).toBe("root.eng.etl");
  await expect.poll(async () => (await counted(page))[0]).toBeGreaterThan(both);
  await filters(page).getByRole("button", { name: "Clear the filters" }).click();
  await expect.poll(() => said(page, "queue")).toBeNull();
  await expect.poll(() => counted(page)).toHaveLength(1);
  await expect(filters(page).getByRole("button", { name: /^Clear/ })).toHaveCount(0);
});

test("a menu offers the values that occur, with how many rows have them", async ({ page }) => {
  await open(page, "?state=SUCCEEDED");
  await filters(page).getByRole("button", { name: "User" }).click();
  const group = page.getByRole("group", { name: "User" });
  const values = group.locator("label");
  await expect(values).toHaveCount(6);
  const rows = (await values.allTextContents()).map((text) => Number(/\d+$/.exec(text)?.[0]));
  expect(rows).toEqual([...rows].sort((a, b) => b - a));
  const [name, count] = /^(\D+)(\d+)$/.exec((await values.first().textContent()) ?? "")?.slice(1) ?? [];
  await values.first().click();
  await expect.poll(async () => (await counted(page))[0]).toBe(Number(count));
  await expect.poll(() => said(page, "user")).toBe(name);

  // What another facet counts is what fits this one.
  await page.keyboard.press("Escape");
  await filters(page).getByRole("button", { name: "Queue" }).click();
  const queues = page.getByRole("group", { name: "Queue" }).locator("label .chip-count");
  await expect(queues.first()).toBeVisible();
  const sum = (await queues.allTextContents()).reduce((sum, count) => sum + Number(count), 0);
  expect(sum).toBe(Number(count));
  await expectNoViolations(page);
});

test("a value is found and chosen by keys alone", async ({ page }) => {
  await open(page);
  await filters(page).getByRole("button", { name: "Tag" }).focus();
  await page.keyboard.press("Enter");
  const find = page.getByRole("searchbox", { name: "Find: Tag" });
  await expect(find).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(find).toBeFocused();
  await page.keyboard.type("batch-3");
  const values = page.getByRole("group", { name: "Tag" }).getByRole("checkbox");
  await expect(values).toHaveCount(1);
  await page.keyboard.press("Tab");
  await expect(values).toBeFocused();
  await page.keyboard.press("Space");
  await expect.poll(() => said(page, "tag")).toBe("batch-3");
  await page.keyboard.press("Escape");
  await expect(filters(page).getByRole("button", { name: "Tag: batch-3", exact: true })).toBeFocused();
});

test("times are filtered by: what ends now, and from one instant to another", async ({ page }) => {
  await open(page, "?cols=id,started");
  const [all = 0] = await counted(page);
  await filters(page).getByRole("button", { name: "Started" }).click();
  await page.getByRole("radio", { name: "Last hour" }).check();
  await expect.poll(() => said(page, "started")).toBe("1h");
  await expect.poll(async () => (await counted(page)).length).toBe(2);
  const [hour = 0] = await counted(page);
  expect(hour).toBeGreaterThan(0);
  expect(hour).toBeLessThan(all);
  await page.keyboard.press("Escape");
  await expect(filters(page).getByRole("button", { name: "Started: Last hour", exact: true })).toBeVisible();

  // All that began before the earliest of that hour, and nothing else.
  await filters(page).getByRole("button", { name: "Started: Last hour", exact: true }).click();
  const edge = await page.evaluate(() => {
    const at = new Date(Date.now() - 3_600_000);
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  });
  await page.getByRole("textbox", { name: "To", exact: true }).fill(edge);
  await expect.poll(() => said(page, "started")).toMatch(/^\.\.\d+$/);
  // An application may have come or gone meanwhile, and the edge is of a whole minute.
  await expect.poll(async () => Math.abs(((await counted(page))[0] ?? 0) + hour - all)).toBeLessThanOrEqual(3);
  await page.reload();
  await expect(filters(page).getByRole("button", { name: /^Started: – / })).toBeVisible();
});

test("all columns can be shown, sorted by and read, and what leads elsewhere is told nothing of us", async ({ page }) => {
  test.slow();
  const all =
    "id,name,state,final,user,queue,type,tags,priority,progress,started,launched,finished,elapsed,memory,cores,containers,reserved_memory,reserved_cores,queue_part,cluster_part,label,tracking";
  await open(page, `?cols=${all}`);
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  const heads = page.locator(".table-head .head-button");
  for (const [at, id] of all.split(",").entries()) {
    await heads.nth(at).click();
    await expect.poll(() => said(page, "sort")).toContain(id);
  }
  const link = page.locator(".table-window a[target]").first();
  await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  await expect(link).toHaveAttribute("target", "_blank");
  await expectNoViolations(page);
});

test("the file holds what is shown: the rows that fit, as they are sorted, in the chosen columns", async ({ page }) => {
  await open(page, "?state=SUCCEEDED,KILLED&user=etl&sort=id&cols=id,name,user,state,memory");
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  const ids = await page.locator(".table-window .col-id code").evaluateAll((all) => all.map((one) => one.getAttribute("title")));
  const [fit = 0] = await counted(page);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe("howdah-applications.csv");
  const [head, ...lines] = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  // The mark by which spreadsheets know UTF-8 stands before.
  expect(head).toBe("\ufeffid,name,state,user,memory");
  expect(lines.slice(0, ids.length).map((line) => line.split(",")[0])).toEqual(ids);
  expect(lines.length).toBe(fit);
  // One of the names is a formula.
  await open(page, "?q=hyperlink&cols=name");
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  const other = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const text = await readFile(await (await other).path(), "utf8");
  expect(text).toContain(`"'=HYPERLINK(""http://example.invalid"")`);
});

test("what the service hides is told as hidden, and what to grant", async ({ page }) => {
  const site = await Site.open(1, (config) => config.replace('"howdah"', '"guest"'));
  try {
    await site.signIn(page);
    await page.goto(`${site.url}connections/yarn/applications?queue=root.finance&cols=user,started,memory,finished`);
    await page.locator(settled).waitFor();
    await expect(page.getByText(/hides times and resources of \d+ applications from Howdah's user/)).toBeVisible();
    const foreign = page.getByRole("row").filter({ hasText: "etl" }).first();
    await expect(foreign.getByText("Hidden")).toHaveCount(3);
    // Its own are not.
    const own = page.getByRole("row").filter({ hasText: "guest" }).first();
    await expect(own.getByText("Hidden")).toHaveCount(0);
    await expectNoViolations(page);
  } finally {
    await site.close();
  }
});

test("nothing turns while somebody types, so that no key waits for it", async ({ page }) => {
  await open(page, "?state=RUNNING");
  const turns = (where: string) =>
    page.locator(`${where} .mark-moving > .mark-shape`).first().evaluate((shape) => getComputedStyle(shape).animationPlayState);
  await expect.poll(() => turns(".table-window")).toBe("running");
  expect(await turns(".chip")).toBe("paused");
  await page.getByRole("searchbox").focus();
  expect(await turns(".table-window")).toBe("paused");
  await page.getByRole("searchbox").blur();
  expect(await turns(".table-window")).toBe("running");
});
