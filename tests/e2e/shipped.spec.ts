// The console as it is shipped: in parts, and the same wherever and by whomever it was built.
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expectNoViolations } from "./support/axe";
import { consoleFolder } from "./support/program";
import { expect, test } from "./support/sandbox";

const settled = "html[data-howdah=ready]";

test("what a browser may load tells nothing of the machine that built it", () => {
  const places = [homedir(), resolve("../.."), process.env.CARGO_HOME, process.env.RUSTUP_HOME];
  const tales = [...places.filter((place) => place && place !== "/").map((place) => `${place}/`), ".cargo/registry", ".rustup/toolchains"];
  const files = readdirSync(consoleFolder).filter((name) => !/\.(br|gz)$/.test(name));
  expect(files.some((name) => name.endsWith(".wasm"))).toBe(true);
  for (const name of files) {
    const bytes = readFileSync(join(consoleFolder, name));
    for (const tale of tales) {
      const at = bytes.indexOf(tale);
      expect(at < 0 ? "" : bytes.subarray(Math.max(0, at - 20), at + 120).toString("latin1"), name).toBe("");
    }
  }
});

test("a part is loaded with the first page that needs it, and once", async ({ page }) => {
  const parts: string[] = [];
  page.on("request", (request) => {
    const name = new URL(request.url()).pathname.split("/").pop() ?? "";
    if (name.startsWith("part-")) parts.push(name);
  });
  await page.goto("./");
  await page.locator(settled).waitFor();
  // The fleet lists what waits for someone, if something does: that is of the part of requests.
  const systems = () => parts.filter((name) => /^part-(hadoop_eco|yarn)-/.test(name));
  expect(systems()).toEqual([]);
  await page.getByRole("link", { name: "Hadoop Eco", exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Clusters");
  expect(systems()).toEqual([expect.stringMatching(/^part-hadoop_eco-/)]);
  await page.getByRole("link", { name: "Activity" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Activity");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Clusters");
  expect(parts.length).toBe(new Set(parts).size);
});

/** A hundred chunks are shared by the parts, of which a page needs fifty: nobody waits for so many one by one. */
const MOST_MODULES = 12;

for (const path of ["connections/yarn/applications", "connections/yarn/queues", "connections/savanna/launch", "requests"]) {
  test(`few modules make a page: ${path}`, async ({ page }) => {
    const modules: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith(".wasm")) modules.push(request.url());
    });
    await page.goto(path);
    await page.locator(settled).waitFor();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(modules.some((url) => url.includes("/part-"))).toBe(true);
    expect(modules.length).toBeLessThanOrEqual(MOST_MODULES);
  });
}

for (const [lang, sentence, way] of [
  ["en", "The console could not be loaded", "Reload"],
  ["ko", "콘솔을 불러오지 못했습니다", "새로 고침"],
] as const) {
  for (const file of [/howdah-frontend[^/]*\.js$/, /howdah-frontend[^/]*\.wasm$/]) {
    test(`a console of which ${file.source} does not arrive is said: ${lang}`, async ({ page }) => {
      await page.route(file, (route) => route.abort());
      await page.goto(`./?lang=${lang}`);
      await expect(page.getByRole("alert").getByRole("heading", { level: 1 })).toHaveText(sentence);
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      await expectNoViolations(page);
      await page.unroute(file);
      await page.getByRole("button", { name: way }).click();
      await expect(page.locator(settled)).toHaveCount(1);
      await expect(page.getByRole("alert")).toHaveCount(0);
    });
  }
}

test("a part that does not arrive is said, and asked for again", async ({ page, context }) => {
  await page.goto("./");
  await page.locator(settled).waitFor();
  await context.route(/\/part-/, (route) => route.abort());
  await page.getByRole("link", { name: "Analytics ResourceManager" }).first().click();
  await expect(page.getByRole("alert")).toContainText("This page could not be loaded");
  await context.unroute(/\/part-/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
});
