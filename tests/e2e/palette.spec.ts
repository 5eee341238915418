// The palette and the list of keys: everything that can be gone to, by typing.
import { expectNoViolations } from "./support/axe";
import { expect, test } from "./support/sandbox";

const settled = "html[data-howdah=ready]";

test("a part of a name and Enter lead to a cluster, to its run, to a page and to a setting", async ({ page }) => {
  await page.goto("./");
  await page.locator(settled).waitFor();
  const heading = page.getByRole("heading", { level: 1 });
  const find = page.getByRole("combobox", { name: "Go to" });
  const options = page.getByRole("dialog").getByRole("option");

  await page.keyboard.press("Control+k");
  await expect(find).toBeFocused();
  await find.fill("clickst");
  await expect(options).toHaveCount(2);
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText("clickstream-ha");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.keyboard.press("Control+k");
  await find.fill("clickst");
  await expect(options).toHaveCount(2);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText("Run clickstream-ha again");

  // Also from within a field, and by pointer.
  await page.getByLabel("Workers", { exact: true }).focus();
  await page.keyboard.press("Control+k");
  await find.fill("analytics app");
  await options.first().click();
  await expect(heading).toHaveText("Applications");

  await page.getByRole("button", { name: "Go to" }).click();
  await find.fill("dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a cluster of Savanna is found too", async ({ page }) => {
  await page.goto("./");
  await page.locator(settled).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Go to" }).fill("night openstack");
  await expect(page.getByRole("dialog").getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/connections\/savanna\/clusters\//);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("night");
});

test("what is called nothing like that is said to be so, and Escape closes", async ({ page }) => {
  await page.goto("./?lang=ko");
  await page.locator(settled).waitFor();
  await page.keyboard.press("Control+k");
  const find = page.getByRole("combobox", { name: "이동" });
  await find.fill("없는이름");
  await expect(page.getByText("해당하는 항목이 없습니다")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(find).toBeVisible();
  // It opens again at once, and empty.
  await Promise.all([page.keyboard.press("Escape"), page.keyboard.press("Control+k")]);
  await expect(find).toHaveValue("");
});

test("what lies over the page gives the focus back to where it was, whatever shuts it", async ({ page }) => {
  await page.goto("./");
  await page.locator(settled).waitFor();
  const card = page.getByRole("main").getByRole("link").first();
  await card.focus();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Go to" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(card).toBeFocused();
  await page.keyboard.press("?");
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(card).toBeFocused();
});

test("a syllable that is being put together chooses nothing", async ({ page }) => {
  await page.goto("./");
  await page.locator(settled).waitFor();
  await page.keyboard.press("Control+k");
  const find = page.getByRole("combobox", { name: "Go to" });
  await expect(find).toBeFocused();
  const session = await page.context().newCDPSession(page);
  await session.send("Input.imeSetComposition", { text: "정", selectionStart: 1, selectionEnd: 1 });
  await expect(page.getByRole("option")).not.toHaveCount(0);
  await find.dispatchEvent("keydown", { key: "Enter", isComposing: true });
  await expect(find).toBeVisible();
  await session.send("Input.insertText", { text: "정산" });
  await expect(page.getByRole("option")).toHaveCount(2);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("정산");
});

test("a question mark shows the keys, but not where somebody writes", async ({ page }) => {
  await page.goto("./");
  await page.locator(settled).waitFor();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Go to" }).press("?");
  await expect(page.getByRole("combobox", { name: "Go to" })).toHaveValue("?");
});

for (const lang of ["en", "ko"]) {
  test(`palette and keys are without a violation (${lang})`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`./?lang=${lang}`);
    await page.locator(settled).waitFor();
    for (const key of ["Control+k", "?"]) {
      await page.keyboard.press(key);
      await expect(page.getByRole("dialog")).toBeVisible();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await expectNoViolations(page);
      }
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
  });
}
