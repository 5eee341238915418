// Takes the README's picture, picture.png: `playwright test --project=picture`, by hand when the console looks different.
import { expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";

test.use({ viewport: { width: 1280, height: 640 }, colorScheme: "light", locale: "en" });

test("the picture", async ({ page }) => {
  await page.goto(`./connections/hadoop-eco/clusters/${clusterId("nightly-etl")}/run`);
  await page.getByLabel("Parameters").fill("--date 2026-11-20 --mode full");
  await page.getByLabel("Workers", { exact: true }).fill("6");
  await expect(page.getByRole("region", { name: "What changes" })).toContainText("Workers36");
  await page.screenshot({ path: "picture.png", animations: "disabled", caret: "hide" });
});
