// A run's page on paper: no frame, nothing to press, ink on white, and all of it.
import { expectNoViolations } from "./support/axe";
import { expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";

for (const name of ["geo-index-always-fails", "hourly-sessions"]) {
  test(`a run of ${name} is printed whole, whatever the theme`, async ({ page }) => {
    const reply = await page.request.get(`./api/requests?connection=hadoop-eco&target=${clusterId(name)}&limit=1`);
    const { requests }: { requests: { id: string; serviceId: string }[] } = await reply.json();
    const [run] = requests;
    await page.goto(`./requests/${run?.id}?lang=en&theme=dark`);
    await page.locator("html[data-howdah=ready]").waitFor();
    await expect(page.getByRole("banner")).toBeVisible();
    const ids = page.locator(".copyable-text");
    await expect(ids.first()).toContainText("…");

    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const heading of ["What was seen", "What was sent"]) await expect(page.getByRole("heading", { name: heading })).toBeVisible();
    await expect(page.getByRole("banner")).toBeHidden();
    for (const frame of ["button:visible", ".button:visible", "nav:visible", ".stripe:visible"]) await expect(page.locator(frame)).toHaveCount(0);
    // Cut on the screen, where a press copies it.
    const printed = await ids.evaluateAll((all) => all.map((one) => getComputedStyle(one, "::after").content));
    expect(printed).toEqual([run?.serviceId, run?.id].map((id) => JSON.stringify(id)));
    const ink = await page.evaluate(() => {
      const { backgroundColor } = getComputedStyle(document.documentElement);
      const heading = document.querySelector("h1");
      return [backgroundColor, heading && getComputedStyle(heading).color];
    });
    expect(ink).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
    // Nothing lies beyond the edge of the paper.
    await page.setViewportSize({ width: 700, height: 990 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(700);
    await expectNoViolations(page);
  });
}
