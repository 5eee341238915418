// Savanna's image registry: every action, each with what the service then tells.
import { expectNoViolations } from "./support/axe";
import { calls, expect, test } from "./support/sandbox";
import { savannaBehaves as behaves } from "./support/savanna";
import { at, ready, told } from "./support/savanna-told";
import { clusterId } from "./support/site";

test.describe.configure({ mode: "serial" });

type Image = { id: string; name: string; username: string; tags: string[] };
const list = async (request: Parameters<typeof told>[0], query = "") =>
  (await told<{ images: Image[] }>(request, `images${query}`)).images;

/** An image in the simulated Glance, where ids are made of names as everywhere. */
const PLAIN = "ubuntu-plain";
const plain = clusterId(PLAIN);

test("an image is registered with all tags of a plugin", async ({ page }) => {
  await page.goto(at("images"));
  await expect(page.getByRole("row").nth(1)).toContainText("hadoop");
  await page.getByRole("button", { name: "Register an image" }).click();
  const dialog = page.getByRole("dialog", { name: "Register an image" });
  const act = dialog.getByRole("button", { name: "Register the image" });
  await expect(act).toHaveAttribute("aria-disabled", "true");
  // What Glance has is offered by its name, and the name of what is chosen is said.
  await expect(dialog.locator(`#stored-images option[value="${plain}"]`)).toHaveAttribute("label", PLAIN);
  await dialog.getByLabel("Id", { exact: true }).fill(plain);
  await expect(dialog.locator("#image-id-hint")).toHaveText(PLAIN);
  await dialog.getByLabel("User", { exact: true }).fill("ubuntu");
  await dialog.getByLabel("Tags", { exact: true }).fill("bad tag");
  await expect(dialog.getByText("Letters, digits, dashes, underscores and dots")).toBeVisible();
  await expect(act).toHaveAttribute("aria-disabled", "true");
  await expectNoViolations(page);
  await dialog.getByLabel("Tags", { exact: true }).fill("mine");
  await dialog.getByLabel("All tags of a plugin").selectOption("vanilla 1.2.1");
  await dialog.getByRole("button", { name: "Add its tags" }).click();
  await expect(dialog.getByLabel("Tags", { exact: true })).toHaveValue("mine, vanilla, 1.2.1");
  await act.click();
  await expect(dialog).toBeHidden();
  // Beneath a pointer the list holds still.
  await page.mouse.move(0, 0);
  await expect(page.getByRole("row").filter({ hasText: PLAIN })).toContainText("vanilla");
  const found = (await list(page.request)).find((image) => image.id === plain);
  expect(found?.username).toBe("ubuntu");
  expect([...(found?.tags ?? [])].sort()).toEqual(["1.2.1", "mine", "vanilla"]);
  expect((await calls(page.request, "savanna")).RegisterImage).toBe(1);
});

test("images are filtered by their tags", async ({ page }) => {
  await page.goto(at("images?tag=mine"));
  await ready(page);
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "2");
  await expect(page.getByRole("row").nth(1)).toContainText(PLAIN);
});

test("tags are added and taken away on the image's page", async ({ page }) => {
  await page.goto(at(`images/${plain}`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(PLAIN);
  await page.getByLabel("New tag").fill("fast");
  await page.getByRole("button", { name: "Add the tag" }).click();
  await expect(page.locator(".tag-own").filter({ hasText: "fast" })).toBeVisible();
  await page.getByRole("button", { name: "Take the tag mine away" }).click();
  await expect(page.locator(".tag-own").filter({ hasText: "mine" })).toHaveCount(0);
  expect((await list(page.request, "?tags=fast&tags=vanilla")).map((image) => image.id)).toEqual([plain]);
  expect(await list(page.request, "?tags=mine")).toEqual([]);
});

test("what cannot be done is said, and the tag stays typed", async ({ page }) => {
  await behaves(page.request, { fault: { kind: "error", operation: "TagImage", times: 1 } });
  await page.goto(at(`images/${plain}`));
  await page.getByLabel("New tag").fill("again");
  await page.getByRole("button", { name: "Add the tag" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("New tag")).toHaveValue("again");
  await behaves(page.request, {});
});

test("an image is unregistered after a question", async ({ page }) => {
  await page.goto(at(`images/${plain}`));
  await page.getByRole("button", { name: "Unregister", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Unregister ${PLAIN}` });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Unregister", exact: true }).click();
  await dialog.getByRole("button", { name: "Unregister the image" }).click();
  await expect(page).toHaveURL(/\/images$/);
  await expect(page.getByRole("row").filter({ hasText: PLAIN })).toHaveCount(0);
  expect((await list(page.request)).some((image) => image.id === plain)).toBe(false);
});
