// Savanna's pages when the service fails, when there is nothing to show, and for one who may only look.
import type { APIRequestContext, Page } from "@playwright/test";
import { look } from "./support/axe";
import { alone, expect } from "./support/sandbox";
import { cluster, comesTo, paths, savannaBehaves } from "./support/savanna";
import { Site, VIEWER } from "./support/site";

const settled = "html[data-howdah=ready]";
type Lang = "en" | "ko";
const languages: Lang[] = ["en", "ko"];
const at = (path: string, lang: Lang) => `./connections/savanna/${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;
const ask = { en: /Ask again now/, ko: /지금 다시 조회/ };
const again = { en: "Try again", ko: "다시 시도" };

/** What is said of each way to fail. */
const says: Record<string, Record<Lang, RegExp>> = {
  error: { en: /status 500Internal Server Error/, ko: /500\)Internal Server Error/ },
  html: { en: /something that is not what this call promises\./, ko: /응답이 이 호출의 규격과 다릅니다\./ },
  truncated: { en: /The connection to the service broke/, ko: /서비스와의 연결이 끊어졌습니다\./ },
  unavailable: { en: /status 503The Keystone service is temporarily unavailable\./, ko: /503\)The Keystone service/ },
  reset: { en: /The connection to the service broke|cannot be reached/, ko: /연결이 끊어졌습니다|연결할 수 없습니다/ },
};

type Shown = {
  name: string;
  path: (request: APIRequestContext) => Promise<string>;
  operation: string;
  kind: keyof typeof says;
  /** Something that the service has told. */
  told: (page: Page) => ReturnType<Page["locator"]>;
};

const night = (below: string) => async (request: APIRequestContext) => `clusters/${(await cluster(request, "night")).id}${below}`;

const pages: Shown[] = [
  { name: "Clusters", path: async () => "clusters", operation: "ListClusters", kind: "error", told: (page) => page.locator(".table-window .row").first() },
  { name: "Clusters", path: async () => "clusters", operation: "ListClusters", kind: "truncated", told: (page) => page.locator(".table-window .row").first() },
  { name: "Cluster", path: night(""), operation: "ShowCluster", kind: "unavailable", told: (page) => page.locator(".group").first() },
  { name: "Cluster", path: night(""), operation: "ShowCluster", kind: "html", told: (page) => page.locator(".group").first() },
  { name: "Scale", path: night("/scale"), operation: "ShowCluster", kind: "reset", told: (page) => page.locator("#count-0") },
];

for (const [number, { name, path, operation, kind, told }] of pages.entries()) {
  const lang = languages[number % languages.length]!;
  const words = says[kind]![lang];
  alone(`${name} of a Savanna that fails: ${kind} is told, and comes to an end by itself (${lang})`, async ({ page, request }) => {
    alone.setTimeout(150_000);
    const [address, fault] = [at(await path(request), lang), { kind, operation }];
    await savannaBehaves(request, { fault });
    await page.goto(address);
    const alert = page.getByRole("alert");
    await expect(alert.first()).toContainText(words);
    await expect(page.locator(settled)).toBeAttached();
    await savannaBehaves(request, {});
    await page.getByRole("button", { name: again[lang] }).click();
    await expect(alert).toHaveCount(0, { timeout: 45_000 });
    await expect(told(page)).toBeVisible();

    // What was seen stays, with its age.
    await savannaBehaves(request, { fault });
    await page.getByRole("button", { name: ask[lang] }).click();
    const stale = page.locator(".stale");
    await expect(stale).toContainText(words);
    await expect(told(page)).toBeVisible();
    await look(page);
    await savannaBehaves(request, {});
    await expect(stale).toHaveCount(0, { timeout: 45_000 });
    await expect(told(page)).toBeVisible();
  });
}

alone("where the plugin's options or the templates cannot be had, the page says so and shows the rest", async ({ page, request }) => {
  await savannaBehaves(request, { fault: { kind: "error", operation: "ShowPluginVersion" } });
  await page.goto(at(await night("")(request), "en"));
  await expect(page.getByText("The options of the plugin cannot be had")).toBeVisible();
  await expect(page.locator(".group").first()).toBeVisible();
  await savannaBehaves(request, { fault: { kind: "error", operation: "ListNodeGroupTemplates" } });
  await page.goto(at(await night("/scale")(request), "en"));
  await expect(page.getByText("The node group templates cannot be had.")).toBeVisible();
  await expect(page.getByLabel("worker", { exact: true })).toHaveValue("3");
  await look(page);
});

for (const lang of languages) {
  const words = { en: "No clusters", ko: "클러스터가 없습니다" }[lang];
  alone.describe(`without clusters (${lang})`, () => {
    alone.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "200"] });
    alone("the list says so", async ({ page, request }) => {
      const { id } = await cluster(request, "night");
      expect((await request.delete(`${await paths(request)}/clusters/${id}`)).status()).toBe(204);
      await expect.poll(async () => (await (await request.get(`${await paths(request)}/clusters`)).json()).clusters.length).toBe(0);
      await page.goto(at("clusters", lang));
      await expect(page.locator(".blank").getByText(words, { exact: true })).toBeVisible();
      await look(page);
    });
  });
}

alone("a change that was lost is not made twice, and its page says where to look", async ({ page, request }) => {
  await comesTo(request, "night", "Active");
  await page.goto(at(await night("/scale")(request), "en"));
  await page.getByLabel("worker", { exact: true }).fill("4");
  await savannaBehaves(request, { fault: { kind: "lost-reply", operation: "ScaleCluster" } });
  await page.getByRole("button", { name: "Scale to 5 nodes" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("what became of it is not known");
  await look(page);
  await page.getByRole("link", { name: /request/i }).last().click();
  await expect(page.getByRole("region", { name: "What to do" })).toContainText("Look in the list of clusters before you try again");
});

alone("one who may only look is told which role it needs", async ({ page }) => {
  const site = await Site.open(60);
  try {
    await site.signIn(page, VIEWER);
    await page.goto(`${site.url}connections/savanna/clusters?lang=en`);
    await page.getByRole("row").filter({ hasText: "night" }).getByRole("link").click();
    for (const name of ["Scale", "Terminate"]) {
      const button = page.getByRole("main").getByRole("button", { name, exact: true }).first();
      await expect(button).toHaveAttribute("aria-disabled", "true");
      await expect(button).toHaveAttribute("title", /needs the role operate/);
    }
  } finally {
    await site.close();
  }
});
