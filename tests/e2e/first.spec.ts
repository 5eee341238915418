// What is seen of a long list before all of it has come.
import { expect, test } from "./support/sandbox";

// So many that the service takes a while to tell them all, and longer than to tell those that are active.
test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--applications", "1000", "--pace", "1"] });

test("the active ones come first, and are not said to be all", async ({ page }) => {
  await page.addInitScript(() => {
    const said = ((globalThis as { said?: string[] }).said = [] as string[]);
    new MutationObserver(() => {
      const text = document.querySelector(".page-head-fact.number")?.textContent ?? "";
      if (text && said.at(-1) !== text) said.push(text);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  await page.goto("./connections/yarn/applications?lang=en");
  await expect(page.locator(".page-head-fact.number")).toHaveText("1,000 in all", { timeout: 30_000 });
  const said = await page.evaluate(() => (globalThis as { said?: string[] }).said);
  expect(said).toEqual([expect.stringMatching(/^[\d,]+ active, the others are being loaded$/), "1,000 in all"]);
});
