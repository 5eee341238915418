// CycleCloud's nodes: the list of them, which an expression picks, and what is done with several.
import type { Page } from "@playwright/test";
import { look } from "./support/axe";
import { at, begun, nodes, open, paths } from "./support/cyclecloud";
import { alone, expect, test } from "./support/sandbox";

alone.use({ ignoreHTTPSErrors: true, sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "20"] });

const rows = (page: Page) => page.getByRole("grid");
const tick = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name }).getByRole("checkbox").click();
const several = (page: Page) => page.getByRole("region", { name: "Selection" });
const dialog = (page: Page) => page.getByRole("dialog");

test("nodes are found by array, machine type and address, and the link shows a colleague the same", async ({ page, request }) => {
  const all = await nodes(request, "genomics");
  const htc = all.filter(({ Template }) => Template === "htc");
  await open(page, at("genomics", "/nodes"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nodes of genomics");
  await expect(rows(page)).toHaveAttribute("aria-rowcount", `${all.length + 1}`);
  const address = htc.find(({ PrivateIp }) => PrivateIp)?.PrivateIp ?? "";
  expect(address).toMatch(/^10\./);
  await page.getByRole("searchbox").fill(address);
  await expect(rows(page)).toHaveAttribute("aria-rowcount", "2");
  await open(page, at("genomics", "/nodes?array=htc&cols=name,status,priority,id"));
  await expect(rows(page)).toHaveAttribute("aria-rowcount", `${htc.length + 1}`);
  await expect(page.getByRole("row").nth(1)).toContainText("Spot");
});

test("it is said that attributes are held back", async ({ page }) => {
  await open(page, at("genomics", "/nodes"));
  await expect(page.getByText(/Howdah holds back up to \d+ attributes of a node's record/)).toBeVisible();
});

test("an expression shows the nodes that match and selects them; one that cannot be told is an error", async ({ page, request }) => {
  const htc = (await nodes(request, "genomics")).filter(({ Template }) => Template === "htc");
  await open(page, at("genomics", "/nodes"));
  await page.getByText("Select by filter expression").click();
  const field = page.getByRole("textbox", { name: "Filter expression" });
  await field.fill('Template == "htc');
  await expect(page.locator(".field-fault:visible")).toContainText("Not an expression: at character");
  await expect(page.getByRole("button", { name: "Show those that match" })).toHaveAttribute("aria-disabled", "true");
  await field.fill("AdminPassword === undefined");
  await expect(page.locator(".field-fault:visible")).toContainText("AdminPassword is held back by Howdah");
  await look(page);
  await field.fill('Template == "htc"');
  await expect(page.getByText(`${htc.length} nodes match.`)).toBeVisible();
  await field.press("Enter");
  await expect(rows(page)).toHaveAttribute("aria-rowcount", `${htc.length + 1}`);
  await expect(page).toHaveURL(/expr=/);
  await page.getByRole("button", { name: `Select all ${htc.length}` }).click();
  await expect(several(page)).toContainText(`${htc.length}`);
  await page.getByRole("button", { name: "Clear the expression" }).click();
  await expect(rows(page)).not.toHaveAttribute("aria-rowcount", `${htc.length + 1}`);
});

test("what is wrong in an expression is said in the viewer's language", async ({ page }) => {
  await open(page, at("genomics", "/nodes?lang=ko"));
  await page.locator("summary").click();
  await page.locator("#expression").fill('Name == "야간" Status');
  await expect(page.locator(".field-fault:visible")).toHaveText("식이 아닙니다. 14번째 글자에서 연산자가 와야 합니다.");
});

alone("selected nodes are terminated by one call, each with its result, and vanish", async ({ page, request }) => {
  const htc = (await nodes(request, "genomics")).filter(({ Template }) => Template === "htc");
  const [one, other] = [htc[0]!, htc[1]!];
  await open(page, at("genomics", "/nodes?array=htc"));
  await tick(page, one.Name);
  await tick(page, other.Name);
  await several(page).getByRole("button", { name: "Terminate" }).click();
  await expect(dialog(page)).toContainText(one.NodeId);
  await look(page);
  await dialog(page).getByRole("button", { name: "Terminate 2 nodes" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("2 accepted");
  await look(page);
  const runs = (await begun(request)).filter(({ cluster }) => cluster === "genomics");
  expect(runs).toHaveLength(1);
  expect(runs[0]?.nodes).toBe(2);
  expect(runs[0]?.requestId).toMatch(/./);
  await dialog(page).getByRole("button", { name: "Close", exact: true }).click();
  await expect(several(page)).toHaveCount(0);
  // While somebody is on the table nothing in it moves.
  await page.mouse.move(0, 0);
  await page.getByRole("searchbox").focus();
  await expect(rows(page)).toHaveAttribute("aria-rowcount", `${htc.length - 1}`, { timeout: 45_000 });

  // The journal followed it to its end.
  await open(page, at("genomics", "/operations"));
  const row = page.getByRole("table", { name: "Operations" }).getByRole("row").nth(1);
  await expect(row).toContainText("Terminate nodes");
  await expect(row).toContainText("Succeeded", { timeout: 45_000 });
  await look(page);
});

alone("a node that is refused says why, beside one that is not", async ({ page, request }) => {
  const all = await nodes(request, "genomics");
  const works = all.find(({ Template }) => Template === "execute")!;
  await open(page, at("genomics", "/nodes"));
  await tick(page, "scheduler");
  await tick(page, works.Name);
  await several(page).getByRole("button", { name: "Remove" }).click();
  await expect(dialog(page)).toContainText("1 of them are kept alive: CycleCloud does not end these.");
  await dialog(page).getByRole("button", { name: "Remove 2 nodes" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("1 accepted · 1 refused");
  const items = dialog(page).getByRole("listitem");
  await expect(items.first()).toContainText("This node is set to be kept alive");
  await expect(items.first()).toContainText("Refused");
});

alone("a node is deallocated, and started again", async ({ page, request }) => {
  const node = (await nodes(request, "genomics")).find(({ Template }) => Template === "hpc")!;
  await open(page, at("genomics", "/nodes?array=hpc"));
  for (const [act, status] of [["Deallocate", "Deallocated"], ["Start", "Ready"]] as const) {
    await tick(page, node.Name);
    await several(page).getByRole("button", { name: act, exact: true }).click();
    await dialog(page).getByRole("button", { name: `${act} 1 node` }).click();
    await expect(dialog(page).getByRole("status")).toHaveText("1 accepted");
    await dialog(page).getByRole("button", { name: "Close", exact: true }).click();
    await expect(page.getByRole("row").filter({ hasText: node.Name })).toContainText(status, { timeout: 45_000 });
  }
});

alone("nodes are shut down as their policies say", async ({ page, request }) => {
  const node = (await nodes(request, "genomics")).find(({ Template }) => Template === "hpc")!;
  await open(page, at("genomics", "/nodes?array=hpc"));
  await tick(page, node.Name);
  await several(page).getByRole("button", { name: "Shut down" }).click();
  await dialog(page).getByRole("button", { name: "Shut down 1 node" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("1 accepted");
  await expect.poll(async () => (await nodes(request, "genomics")).find(({ NodeId }) => NodeId === node.NodeId)?.Status, { timeout: 45_000 })
    .toBe("Deallocated");
});

test("what is not known of a node does not leave Howdah", async ({ request }) => {
  const text = await (await request.get(`${paths("genomics")}/nodes`)).text();
  expect(text).not.toContain("not-to-be-shown");
});
