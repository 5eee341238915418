// What is done with several applications at once, and what becomes of each.
import type { APIRequestContext, Page, Route } from "@playwright/test";
import { expectNoViolations } from "./support/axe";
import { behave, calls, expect, test } from "./support/sandbox";
import { Site, VIEWER } from "./support/site";

const settled = "html[data-howdah=ready]";
const LIST = "./connections/yarn/applications";
/** Those that run, and are not about to end by themselves. */
const YOUNG = "?state=RUNNING&sort=progress";

// As slow as life: what runs goes on running.
test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "1", "--applications", "900"] });

async function open(page: Page, query = ""): Promise<void> {
  await page.goto(`${LIST}${query}`);
  await page.locator(settled).waitFor();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
}

const box = (page: Page, row: number) => page.getByRole("row").nth(row).getByRole("checkbox");
const all = (page: Page) => page.getByRole("checkbox", { name: "Select all that fit the filters" });
const bar = (page: Page) => page.getByRole("region", { name: "Selection" });
const dialog = (page: Page) => page.getByRole("dialog");
const results = (page: Page) => dialog(page).locator(".batch-result").allTextContents();

/** Those that a test has selected before: some are still being killed. */
const taken = new Set<string>();

/** Selects so many of the rows that are drawn, and gives their ids. */
async function select(page: Page, count: number): Promise<string[]> {
  // As long as a pointer is there no row moves away under it: one that was killed before may leave the list now.
  await page.getByRole("grid").hover();
  const boxes = page.locator(".table-window input");
  const drawn = () => boxes.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
  const free = async () => (await drawn()).filter((name) => !taken.has(name)).slice(0, count);
  await expect.poll(async () => (await free()).length).toBe(count);
  const chosen = await free();
  for (const name of chosen) {
    taken.add(name);
    const box = page.getByRole("checkbox", { name, exact: true });
    await box.click();
    await expect(box).toBeChecked();
  }
  await expect(bar(page)).toContainText(`${count} selected`);
  return chosen.map((name) => name.replace("Select ", ""));
}

/** The state of an application, as the service tells it. */
async function told(request: APIRequestContext, id: string, what: "state" | "queue"): Promise<string> {
  const reply = await request.get(`./api/connections/yarn/ws/v1/cluster/apps/${id}`);
  return (await reply.json()).app[what];
}

const killed = async (request: APIRequestContext) => (await calls(request, "yarn")).ChangeApplicationState ?? 0;

/** Does something else with the changes that the page sends. */
const intercept = (page: Page, act: (route: Route) => Promise<void>) => page.route(/\/apps\/[^/]+\/state$/, act);

test("rows are selected by pointer, as a range, by keys, and all that fit", async ({ page }) => {
  await open(page, "?state=RUNNING&sort=id");
  await box(page, 2).click();
  await expect(box(page, 2)).toBeChecked();
  await expect(bar(page)).toContainText("1 selected");
  await box(page, 5).click({ modifiers: ["Shift"] });
  await expect(bar(page)).toContainText("4 selected");
  for (const row of [2, 3, 4, 5]) await expect(box(page, row)).toBeChecked();
  await expect(all(page)).toBeChecked({ indeterminate: true });
  await box(page, 3).click();
  await expect(box(page, 3)).not.toBeChecked();

  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await expect(box(page, 1)).toBeChecked();
  await expect(bar(page)).toContainText("4 selected");

  await all(page).click();
  const rows = Number(await grid.getAttribute("aria-rowcount")) - 1;
  await expect(bar(page)).toContainText(`${rows} selected`);
  await all(page).click();
  await expect(bar(page)).toBeHidden();
  // What was selected stays so under other filters.
  await box(page, 1).click();
  await page.getByRole("searchbox").fill("nothing is called so");
  await expect(bar(page)).toContainText("1 selected");
  await bar(page).getByRole("button", { name: "Clear the selection" }).click();
  await expect(bar(page)).toBeHidden();
});

test("three are killed: each is a request of its own, and the list follows", async ({ page, request }) => {
  await open(page, `${YOUNG}&cols=id,name,state`);
  const ids = await select(page, 3);
  const before = await killed(request);
  await bar(page).getByRole("button", { name: "Kill 3 applications" }).click();
  await expect(dialog(page)).toHaveAccessibleName("Kill 3 applications");
  for (const id of ids) await expect(dialog(page)).toContainText(id);
  await expectNoViolations(page);
  // Nothing is done by looking.
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  expect(await killed(request)).toBe(before);

  await bar(page).getByRole("button", { name: "Kill 3 applications" }).click();
  await dialog(page).getByRole("button", { name: "Kill 3 applications" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("3 of 3 answered");
  expect(await results(page)).toEqual(["Done", "Done", "Done"]);
  await expectNoViolations(page);
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await expect(bar(page)).toBeHidden();
  await expect(page.getByRole("grid")).toBeFocused();
  expect(await killed(request)).toBe(before + 3);
  for (const id of ids) await expect.poll(() => told(request, id, "state"), { timeout: 30_000 }).toBe("KILLED");
  await open(page, `?state=KILLED&q=${ids[0]}`);
  const reply = await request.get("./api/requests?connection=yarn&operation=ChangeApplicationState&limit=3");
  const { requests }: { requests: { target: Record<string, string> }[] } = await reply.json();
  expect(requests.map(({ target }) => Object.values(target)[0]).sort()).toEqual([...ids].sort());
});

test("two are moved to a queue of the tree", async ({ page, request }) => {
  await open(page, "?state=RUNNING&queue=root.eng.etl,root.eng.ml&sort=id&cols=id,queue,state");
  const ids = await select(page, 2);
  await bar(page).getByRole("button", { name: "Move 2 applications" }).click();
  const act = dialog(page).getByRole("button", { name: "Move 2 applications" });
  await expect(act).toHaveAttribute("aria-disabled", "true");
  await dialog(page).getByLabel("To the queue").selectOption("root.default");
  await act.click();
  await expect(dialog(page).getByRole("status")).toHaveText("2 of 2 answered");
  expect(await results(page)).toEqual(["Done", "Done"]);
  for (const id of ids) expect(await told(request, id, "queue")).toMatch(/default$/);
});

test("those that have ended are left out, and of those alone nothing can be done", async ({ page }) => {
  await open(page, "?state=SUCCEEDED");
  await select(page, 2);
  const kill = bar(page).getByRole("button", { name: /^Kill/ });
  await expect(kill).toHaveAttribute("aria-disabled", "true");
  await expect(kill).toHaveAttribute("title", "All of them have ended.");
  await page.getByRole("button", { name: /^Succeeded/, pressed: true }).click();
  await page.getByRole("button", { name: /^Running/ }).click();
  await box(page, 1).click();
  await bar(page).getByRole("button", { name: "Kill 1 application", exact: true }).click();
  await expect(dialog(page)).toContainText("2 of the selected have ended already and are left out.");
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
});

test("one is refused with the service's words, and tried again alone", async ({ page, request }) => {
  await open(page, YOUNG);
  await select(page, 3);
  const before = await killed(request);
  await behave(request, { fault: { kind: "unavailable", operation: "ChangeApplicationState", times: 1 } });
  await bar(page).getByRole("button", { name: "Kill 3 applications" }).click();
  await dialog(page).getByRole("button", { name: "Kill 3 applications" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("3 of 3 answered · 1 refused");
  expect((await results(page)).sort()).toEqual(["Done", "Done", "Refused"]);
  await expect(dialog(page).locator(".batch-said")).not.toBeEmpty();
  await dialog(page).getByRole("button", { name: "Try the refused 1 again" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("3 of 3 answered");
  expect(await killed(request)).toBe(before + 4);
});

test("where the reply is lost the outcome is unknown, and asking again sends nothing", async ({ page, request }) => {
  await open(page, YOUNG);
  await select(page, 1);
  await behave(request, { fault: { kind: "lost-reply", operation: "ChangeApplicationState", times: 1 } });
  await bar(page).getByRole("button", { name: "Kill 1 application" }).click();
  await dialog(page).getByRole("button", { name: "Kill 1 application" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("1 of 1 answered · 1 with unknown outcome");
  const sent = await killed(request);
  await dialog(page).getByRole("button", { name: "Ask about 1 again" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("1 of 1 answered · 1 with unknown outcome");
  expect(await killed(request)).toBe(sent);
  await dialog(page).getByRole("link", { name: "Outcome unknown" }).click();
  await expect(page).toHaveURL(/\/requests\//);
});

test("stopped between, only what was begun is done, and the rest on demand", async ({ page, request }) => {
  await open(page, YOUNG);
  await select(page, 6);
  const before = await killed(request);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await intercept(page, async (route) => (await held, route.continue()));
  await bar(page).getByRole("button", { name: "Kill 6 applications" }).click();
  await dialog(page).getByRole("button", { name: "Kill 6 applications" }).click();
  await expect.poll(async () => (await results(page)).filter((word) => word === "Sending").length).toBe(4);
  // While it is under way it stays.
  await page.keyboard.press("Escape");
  await dialog(page).getByRole("button", { name: "Stop" }).click();
  release();
  await expect(dialog(page).getByRole("status")).toHaveText("4 of 6 answered");
  await expect(dialog(page).getByRole("button", { name: "Continue with 2" })).toBeVisible();
  expect(await killed(request)).toBe(before + 4);
  await dialog(page).getByRole("button", { name: "Continue with 2" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("6 of 6 answered");
  expect(await killed(request)).toBe(before + 6);
});

test("loaded anew in the middle, the page tells what is open, and nothing is done twice", async ({ page, request }) => {
  await open(page, YOUNG);
  await select(page, 6);
  const before = await killed(request);
  let begun = 0;
  let arrived = 0;
  await intercept(page, async (route) => {
    begun += 1;
    if (begun > 4) return route.continue();
    // They arrive, and their answers do not: the page has gone by then.
    await route.fetch();
    arrived += 1;
  });
  await bar(page).getByRole("button", { name: "Kill 6 applications" }).click();
  await dialog(page).getByRole("button", { name: "Kill 6 applications" }).click();
  await expect.poll(() => arrived).toBe(4);
  await page.reload();
  await page.locator(settled).waitFor();
  await expect(page.getByText("An earlier change of 6 applications is not settled: 6 are open.")).toBeVisible();
  expect(await killed(request)).toBe(before + 4);
  await page.getByRole("button", { name: "Show" }).click();
  await dialog(page).getByRole("button", { name: "Ask about 4 again" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("4 of 6 answered");
  expect(await killed(request)).toBe(before + 4);
  await dialog(page).getByRole("button", { name: "Continue with 2" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("6 of 6 answered");
  expect(await results(page)).toEqual(Array(6).fill("Done"));
  expect(await killed(request)).toBe(before + 6);
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await page.reload();
  await page.locator(settled).waitFor();
  await expect(page.getByText("An earlier change")).toBeHidden();
});

test("who may only look selects, and is told why nothing can be done", async ({ browser }) => {
  const site = await Site.open(1);
  const page = await (await browser.newContext()).newPage();
  try {
    await site.signIn(page, VIEWER);
    await page.goto(`${site.url}connections/yarn/applications?state=RUNNING`);
    await page.locator(settled).waitFor();
    await box(page, 1).click();
    const kill = bar(page).getByRole("button", { name: "Kill 1 application" });
    await expect(kill).toHaveAttribute("aria-disabled", "true");
    await expect(kill).toHaveAttribute("title", /role operate/);
    await expectNoViolations(page);
  } finally {
    await page.context().close();
    await site.close();
  }
});
