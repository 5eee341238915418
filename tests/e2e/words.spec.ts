// Who speaks: what Howdah says is in the viewer's language, what a service said stands apart, as it was said.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";

const quoted = (page: Page) => page.getByRole("main").getByRole("blockquote");

async function runAgain(page: Page, cluster: string, lang: string) {
  await page.goto(`./connections/failing/clusters/${clusterId(cluster)}/run?lang=${lang}`);
  await page.locator("form button[type=submit]").click();
}

const speaks = {
  en: {
    failed: "The service failed with an error of its own.",
    unknown: "It was sent, and what became of it is not known.",
    heading: "The service said, with status 500",
    timeline: "What was seen",
    event: "The service said",
    entry: "See the request",
  },
  ko: {
    failed: "서비스 내부에서 오류가 발생했습니다.",
    unknown: "전송했지만 결과를 알 수 없습니다.",
    heading: "서비스가 보낸 내용 (상태 코드 500)",
    timeline: "진행 기록",
    event: "서비스가 보낸 내용",
    entry: "요청 보기",
  },
};

for (const [lang, words] of Object.entries(speaks)) {
  test(`a failure is told in the viewer's language, with the service's own words apart (${lang})`, async ({ page }) => {
    await runAgain(page, "sentinel-500", lang);
    const alert = page.getByRole("alert");
    await expect(alert).toContainText(words.failed);
    await expect(alert).toContainText(words.unknown);
    await expect(alert.getByRole("figure", { name: words.heading })).toBeVisible();
    await expect(quoted(page)).toHaveText("Something broke. Try again later.");

    await page.getByRole("link", { name: words.entry }).click();
    const timeline = page.getByRole("region", { name: words.timeline });
    await expect(timeline).toContainText(words.failed);
    await expect(timeline.getByRole("figure", { name: words.event, exact: true })).toBeVisible();
    await expect(quoted(page)).toHaveText("Something broke. Try again later.");
    await expect(page.getByRole("main")).not.toContainText("Whether it was done is not known");
  });
}

test("a reply by which a run cannot be followed says so, whatever its status", async ({ page }) => {
  for (const cluster of ["sentinel-202-without-id", "sentinel-200-without-id"]) {
    await runAgain(page, cluster, "en");
    await expect(page.getByRole("alert")).toContainText("The service gave no id by which this could be followed.");
    await page.getByRole("link", { name: "See the request" }).click();
    await expect(page.locator(".page-head").getByText("Unknown outcome")).toBeVisible();
    await expect(page.getByRole("region", { name: "What was seen" })).toContainText("Work may already have been under way.");
    await expect(quoted(page)).toHaveCount(0);
  }
});

test("a 202 is followed by its id, and said to mean perhaps that work was under way", async ({ page }) => {
  await runAgain(page, "sentinel-202", "en");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run of sentinel-202");
  await expect(page.getByText("Work may already have been under way for this cluster.")).toBeVisible();
});

test("what was seen is told to the second", async ({ page }) => {
  await runAgain(page, "sentinel-401", "en");
  await page.getByRole("link", { name: "See the request" }).click();
  const times = page.getByRole("region", { name: "What was seen" }).locator("time");
  await expect(times.nth(1)).toBeVisible();
  for (const time of await times.all()) {
    const second = (await time.getAttribute("datetime"))?.slice(16, 19) ?? "none";
    expect(second).toMatch(/^:\d\d$/);
    await expect(time).toContainText(second);
  }
});

const nowhere = [
  { what: "a request", path: "requests/01ARZ3NDEKTSV4RRFFQ69G5FAV", says: "There is no such request", way: "See all requests", leads: "Activity" },
  { what: "a cluster", path: "connections/hadoop-eco/clusters/nope", says: "This cluster does not stand in", way: "See the clusters of this connection", leads: "Clusters" },
  { what: "a run of a cluster", path: "connections/hadoop-eco/clusters/nope/run", says: "This cluster does not stand in", way: "See the clusters of this connection", leads: "Clusters" },
  { what: "a connection", path: "connections/nope/clusters", says: "There is no such connection", way: "Go to the fleet", leads: "Fleet" },
  { what: "a connection of YARN", path: "connections/nope/applications", says: "There is no such connection", way: "Go to the fleet", leads: "Fleet" },
];

for (const { what, path, says, way, leads } of nowhere) {
  test(`${what} that is not there is said to be not there, and a link leads on`, async ({ page }) => {
    await page.goto(`./${path}`);
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("Not here");
    await expect(alert).toContainText(says);
    // An answer came, and the same would come again.
    await expect(page.getByText("no data")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
    await expect(page.getByRole("button", { name: /Ask again now/ })).toHaveCount(0);
    await alert.getByRole("link", { name: way }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(leads);
  });
}
