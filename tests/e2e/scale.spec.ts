// YARN's pages of a cluster as large as they come.
import { expect, test } from "./support/sandbox";

test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--scale"] });

test("of two thousand queues only the lines in sight are drawn, and all can be reached", async ({ page }) => {
  await page.goto("./connections/yarn/queues");
  const tree = page.getByRole("treegrid", { name: "Queues" });
  const lines = tree.locator("[role=rowgroup] [role=row]");
  const chosen = tree.locator("[aria-selected=true]");
  await page.getByRole("button", { name: "Unfold all" }).click();
  await expect.poll(async () => Number(await tree.getAttribute("aria-rowcount"))).toBeGreaterThan(2_000);
  const count = Number(await tree.getAttribute("aria-rowcount"));
  expect(await lines.count()).toBeLessThan(100);
  await tree.focus();
  await page.keyboard.press("End");
  await expect(chosen).toHaveAttribute("aria-rowindex", `${count}`);
  await expect(chosen).toBeInViewport();
  await expect(tree).toHaveAttribute("aria-activedescendant", (await chosen.getAttribute("id")) ?? "");
  // One that has no line any more is not named as the active one.
  await tree.evaluate((tree) => tree.scrollTo(0, 0));
  await expect(chosen).toHaveCount(0);
  await expect(tree).not.toHaveAttribute("aria-activedescendant");
  await page.keyboard.press("ArrowUp");
  await expect(chosen).toHaveAttribute("aria-rowindex", `${count - 1}`);
  await expect(chosen).toBeInViewport();
  await page.getByRole("searchbox").fill("no such queue");
  await expect(tree).toHaveCount(0);
});
