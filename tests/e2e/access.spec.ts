// Who may enter, and what a role does not allow.
import { expectNoViolations } from "./support/axe";
import { clusterId, expect, test, VIEWER } from "./support/site";

test("a wrong token stays out, the right one leads to where the person was going, and signing out ends it", async ({ page, site }) => {
  await page.goto(`${site.url}requests?state=failed`);
  await expect(page).toHaveURL(/sign-in\?next=/);
  const enter = page.getByRole("button", { name: "Sign in" });
  await expect(enter).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Token").fill("not-the-token");
  await enter.click();
  await expect(page.getByRole("alert")).toContainText("The token or code is wrong or no longer valid.");
  await expect(page.getByLabel("Token")).toHaveAttribute("type", "password");

  await page.getByLabel("Token").fill(site.token);
  await page.getByLabel("Token").press("Enter");
  await expect(page).toHaveURL(`${site.url}requests?state=failed`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Activity");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Activity");

  await page.getByRole("button", { name: "Signed in as tester" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await page.goto(site.url);
  await expect(page).toHaveURL(/sign-in/);
});

test("a role that may only look is told why it cannot run", async ({ page, site }) => {
  await site.signIn(page, VIEWER);
  const started = await site.started();
  await page.goto(`${site.url}connections/hadoop-eco/clusters/${clusterId("nightly-etl")}/run`);
  const act = page.locator("form button[type=submit]");
  await expect(act).toHaveAttribute("aria-disabled", "true");
  const why = "Running needs the role operate on this connection. Ask your administrator.";
  await expect(act).toHaveAttribute("title", why);
  await expect(page.getByText(why)).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectNoViolations(page);
  }
  await act.click({ force: true });
  await page.getByLabel("Workers", { exact: true }).press("Enter");
  expect(await site.started()).toEqual(started);
});

for (const [lang, enter, wrong] of [
  ["en", "Sign in", "The token or code is wrong"],
  ["ko", "로그인", "토큰 또는 코드가 틀렸거나"],
] as const) {
  test(`axe finds nothing on the sign-in page (${lang})`, async ({ page, site }) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${site.url}sign-in?lang=${lang}`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(enter);
      await expectNoViolations(page);
      await page.locator("#token").fill("not-the-token");
      await page.getByRole("button", { name: enter }).click();
      await expect(page.getByRole("alert")).toContainText(wrong);
      await expectNoViolations(page);
    }
  });
}
