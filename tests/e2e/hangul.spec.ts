// Hangul in every input: a syllable is put together letter by letter, whatever is drawn meanwhile, and the Enter that ends
// it neither sends nor chooses anything.
import type { CDPSession, Locator, Page } from "@playwright/test";
import { calls, expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";
import { test as onSite } from "./support/site";

const settled = "html[data-howdah=ready]";
const again = `./connections/hadoop-eco/clusters/${clusterId("nightly-etl")}/run`;

type Written = { ends: number; submits: number };

/** Remembers the input, and counts what happens to it that must not. */
async function watch(input: Locator): Promise<void> {
  await input.evaluate((node) => {
    const written: Written = { ends: 0, submits: 0 };
    Object.assign(globalThis, { watched: node, written });
    node.addEventListener("compositionend", () => (written.ends += 1));
    document.addEventListener("submit", () => (written.submits += 1), { capture: true });
  });
}

/** What has become of the remembered input once everything was drawn. */
const state = (page: Page) =>
  page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const { watched, written } = globalThis as unknown as { watched: HTMLInputElement; written: Written };
    return { value: watched.value, at: watched.selectionStart, focused: document.activeElement === watched, ...written };
  });

/** The Enter with which people end a syllable, as the browser hears it from an input method. */
async function enter(session: CDPSession): Promise<void> {
  const key = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
  await session.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
  await session.send("Input.dispatchKeyEvent", { type: "keyUp", ...key, windowsVirtualKeyCode: 13 });
}

/** Writes a word between `ab` and `yz` and looks after each letter. */
async function compose(page: Page, input: Locator): Promise<void> {
  await expect(input).toBeEditable();
  await input.fill("abyz");
  await input.evaluate((node: HTMLInputElement) => node.setSelectionRange(2, 2));
  await watch(input);
  const session = await page.context().newCDPSession(page);
  const whole = { focused: true, submits: 0 };
  let done = "";
  for (const [ends, letters] of [["ㅎ", "하", "한"], ["ㄱ", "그", "글"]].entries()) {
    for (const letter of letters) {
      await session.send("Input.imeSetComposition", { text: letter, selectionStart: 1, selectionEnd: 1 });
      expect(await state(page)).toEqual({ value: `ab${done}${letter}yz`, at: 3 + done.length, ends, ...whole });
    }
    await enter(session);
    expect(await state(page)).toEqual({ value: `ab${done}${letters.at(-1)}yz`, at: 3 + done.length, ends, ...whole });
    done += letters.at(-1) ?? "";
    await session.send("Input.insertText", { text: letters.at(-1) ?? "" });
    expect(await state(page)).toEqual({ value: `ab${done}yz`, at: 2 + done.length, ends: ends + 1, ...whole });
  }
  await session.detach();
}

test("the filters of the lists, which are drawn anew with each letter", async ({ page }) => {
  for (const path of ["./connections/yarn/applications", "./connections/hadoop-eco/clusters"]) {
    await page.goto(path);
    await page.locator(settled).waitFor();
    await compose(page, page.getByRole("searchbox"));
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("ab한글yz");
  }
});

test("the palette", async ({ page }) => {
  await page.goto("./");
  await page.locator(settled).waitFor();
  await page.keyboard.press("Control+k");
  const find = page.getByRole("combobox", { name: "Go to" });
  await compose(page, find);
  // As Safari has it: the syllable is done, and the key that did it comes after.
  await find.fill("");
  await expect(page.getByRole("option").first()).toBeVisible();
  const last = { key: "Enter", keyCode: 229, bubbles: true, cancelable: true };
  await find.evaluate((node, init) => node.dispatchEvent(new KeyboardEvent("keydown", init)), last);
  expect((await state(page)).focused).toBe(true);
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("every field of the form that runs a cluster again", async ({ page }) => {
  await page.goto(again);
  await page.getByText("Masters, task nodes and security groups").click();
  const before = await calls(page.request, "hadoop-eco");
  const fields = page.locator("form input");
  await expect(fields).toHaveCount(11);
  for (const field of await fields.all()) {
    await compose(page, field);
    await field.fill("");
  }
  // What can be sent is not either.
  await compose(page, page.getByLabel("Parameters", { exact: true }));
  await expect(page).toHaveURL(/\/run$/);
  expect((await calls(page.request, "hadoop-eco")).StartRework).toBe(before.StartRework);
});

test("the id of a run that is taken in", async ({ page }) => {
  await page.goto(`./connections/hadoop-eco/clusters/${clusterId("nightly-etl")}`);
  await page.getByText("Take in a run that was started elsewhere").click();
  await compose(page, page.getByLabel("Id of the run at the service"));
  await expect(page.getByRole("alert")).toHaveCount(0);
});

onSite("the token to sign in with", async ({ page, site }) => {
  await page.goto(site.url);
  await compose(page, page.getByLabel("Token"));
  await expect(page.getByRole("alert")).toHaveCount(0);
});
