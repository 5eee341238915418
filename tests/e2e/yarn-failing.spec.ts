// YARN's pages when the ResourceManager fails, when there is nothing to show, and when there is something that may not be
// seen or changed.
import type { APIRequestContext, Page } from "@playwright/test";
import { look } from "./support/axe";
import { alone, behave, expect } from "./support/sandbox";
import { Site, VIEWER } from "./support/site";

const settled = "html[data-howdah=ready]";
const at = (path: string, lang: Lang) => `./connections/yarn/${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;

type Lang = "en" | "ko";
const languages: Lang[] = ["en", "ko"];
const ask = { en: /Ask again now/, ko: /지금 다시 조회/ };
const again = { en: "Try again", ko: "다시 시도" };
const old = { en: /^\d+ s old$/, ko: /^\d+초 전 데이터$/ };

/** What is said of each way to fail. */
const says: Record<string, Record<Lang, RegExp>> = {
  error: { en: /The service refused\..*status 500Undeclared/, ko: /서비스가 거부했습니다\..*500\)Undeclared/ },
  html: { en: /something that is not what this call promises\./, ko: /응답이 이 호출의 규격과 다릅니다\./ },
  truncated: { en: /The connection to the service broke/, ko: /서비스와의 연결이 끊어졌습니다\./ },
  unavailable: { en: /status 503The scheduler is not ready <b>yet<\/b>/, ko: /503\)The scheduler is not ready <b>yet<\/b>/ },
  "no-active": { en: /The server that answered is on standby/, ko: /대기\(standby\) 상태의 서버가 응답하여/ },
  reset: { en: /The connection to the service broke|cannot be reached/, ko: /연결이 끊어졌습니다|연결할 수 없습니다/ },
};

type Shown = {
  name: string;
  path: (request: APIRequestContext) => Promise<string>;
  /** The call that the page is about. */
  operation: string;
  kind: keyof typeof says;
  /** Something that the service has told. */
  told: (page: Page) => ReturnType<Page["locator"]>;
};

const running = async (request: APIRequestContext) => {
  const reply = await request.get("./api/connections/yarn/ws/v1/cluster/apps?states=RUNNING");
  return `applications/${(await reply.json()).apps.app[0].id}`;
};

const pages: Shown[] = [
  { name: "Overview", path: async () => "overview", operation: "ShowMetrics", kind: "error", told: (page) => page.locator(".tile-figure").first() },
  { name: "Applications", path: async () => "applications", operation: "ListApplications", kind: "truncated", told: (page) => page.locator(".table-window .row").first() },
  { name: "Application", path: running, operation: "ShowApplication", kind: "unavailable", told: (page) => page.locator(".facts").first() },
  { name: "Queues", path: async () => "queues", operation: "ShowScheduler", kind: "html", told: (page) => page.locator('[id="queue-root.eng.etl"]') },
  { name: "Nodes", path: async () => "nodes", operation: "ListNodes", kind: "no-active", told: (page) => page.locator(".table-window .row").first() },
  { name: "Nodes, as a map", path: async () => "nodes?view=map", operation: "ListNodes", kind: "reset", told: (page) => page.locator(".map svg") },
  { name: "Node", path: async () => "nodes/node-1.sandbox.invalid%3A45454", operation: "ShowNode", kind: "html", told: (page) => page.locator(".facts").first() },
  { name: "Statistics", path: async () => "statistics", operation: "ListApplications", kind: "error", told: (page) => page.locator("tfoot") },
];

for (const [number, { name, path, operation, kind, told }] of pages.entries()) {
  const lang = languages[number % languages.length]!;
  const words = says[kind]![lang];
  alone(`${name} of a service that fails: ${kind} is told, and comes to an end by itself (${lang})`, async ({ page, request }) => {
    alone.setTimeout(150_000);
    const [address, fault] = [at(await path(request), lang), { kind, operation }];
    await behave(request, { fault });
    await page.goto(address);
    const alert = page.getByRole("alert");
    await expect(alert.first()).toContainText(words);
    await expect(page.locator(settled)).toBeAttached();
    await behave(request, {});
    await page.getByRole("button", { name: again[lang] }).click();
    await expect(alert).toHaveCount(0, { timeout: 45_000 });
    await expect(told(page)).toBeVisible();

    // What was seen stays, with its age.
    await behave(request, { fault });
    await page.getByRole("button", { name: ask[lang] }).click();
    const stale = page.locator(".stale");
    await expect(stale).toContainText(words);
    await expect(stale.locator(".mark")).toHaveText(old[lang]);
    await expect(told(page)).toBeVisible();
    await expect(alert).toHaveCount(0);
    await look(page);
    await behave(request, {});
    await expect(stale).toHaveCount(0, { timeout: 45_000 });
    await expect(told(page)).toBeVisible();
  });
}

const empty: [string, Record<Lang, string>][] = [
  ["applications", { en: "No applications", ko: "애플리케이션이 없습니다" }],
  ["statistics", { en: "No applications", ko: "애플리케이션 없음" }],
  ["tokens", { en: "No tokens are kept", ko: "보관 중인 토큰 없음" }],
];
const nothing: [string, Record<Lang, string>][] = [
  ["applications?q=nobody", { en: "No application fits the filters", ko: "필터에 맞는 애플리케이션이 없습니다" }],
  ["nodes?q=nobody", { en: "No node fits the filters", ko: "필터에 맞는 노드가 없습니다" }],
  ["queues?q=nobody", { en: "No queue fits", ko: "맞는 큐가 없습니다" }],
];
const clear = { en: "Clear the filters", ko: "필터 지우기" };

alone.describe("without applications", () => {
  alone.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--applications", "0"] });
  for (const lang of languages) {
    alone(`where there is nothing the page says so (${lang})`, async ({ page }) => {
      for (const [path, words] of empty) {
        await page.goto(at(path, lang));
        await expect(page.locator(".blank").getByText(words[lang], { exact: true })).toBeVisible();
        await expect(page.getByRole("alert")).toHaveCount(0);
        await look(page);
      }
    });
  }
});

for (const lang of languages) {
  alone(`where nothing fits, it is said why, and the filters can be cleared (${lang})`, async ({ page }) => {
    for (const [path, words] of nothing) {
      await page.goto(at(path, lang));
      const said = page.locator(".blank").getByText(words[lang], { exact: true });
      await expect(said).toBeVisible();
      await expect(page.locator("main")).toContainText("nobody");
      await look(page);
      await page.locator(".blank").getByRole("button", { name: clear[lang] }).click();
      await expect(said).toHaveCount(0);
      await expect(page.getByRole("row").nth(1)).toBeVisible();
      await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBeNull();
    }
  });

  alone(`of what the service does not know there is a page that says so (${lang})`, async ({ page }) => {
    const unknown: [string, string, Record<Lang, string>, RegExp][] = [
      ["applications/application_1_0001", "app with id: application_1_0001 not found", { en: "See the applications of this connection", ko: "이 연결의 애플리케이션 보기" }, /\/applications$/],
      ["nodes/nope%3A1", "nodeId, nope:1, is not found", { en: "See the nodes of this connection", ko: "이 연결의 노드 보기" }, /\/nodes$/],
    ];
    for (const [path, words, link, leads] of unknown) {
      await page.goto(at(path, lang));
      const alert = page.getByRole("alert");
      await expect(alert.locator(".blank-title")).toHaveText({ en: "Not here", ko: "찾을 수 없습니다" }[lang]);
      await expect(alert).toContainText({ en: "The service does not know this.", ko: "서비스에 해당 항목이 없습니다." }[lang]);
      await expect(alert).toContainText(words);
      await look(page);
      await alert.getByRole("link", { name: link[lang] }).click();
      await expect(page).toHaveURL(leads);
      await expect(page.getByRole("row").nth(1)).toBeVisible();
    }
    // A queue is a place in the tree, which is there all the same.
    await page.goto(at("queues?at=root.<i>nope</i>", lang));
    const said = page.getByText({ en: "The scheduler has no queue root.<i>nope</i>.", ko: "스케줄러에 root.<i>nope</i> 큐가 없습니다." }[lang]);
    await expect(said).toBeVisible();
    await look(page);
    await page.locator('[id="queue-root.eng.etl"]').click();
    await expect(page.getByRole("complementary", { name: "root.eng.etl" })).toBeVisible();
    await expect(said).toHaveCount(0);
  });
}

alone("who may only look is told on each page why nothing can be done", async ({ page }) => {
  const site = await Site.open(1);
  try {
    await site.signIn(page, VIEWER);
    const rm = `${site.url}connections/yarn`;
    const off = async (button: ReturnType<Page["locator"]>, role: RegExp) => {
      await expect(button).toHaveAttribute("aria-disabled", "true");
      await expect(button).toHaveAttribute("title", role);
      await button.click({ force: true });
      await expect(page.getByRole("dialog")).toHaveCount(0);
    };
    await page.goto(`${rm}/applications?state=RUNNING`);
    await page.getByRole("row").nth(1).locator(".col-name").dblclick();
    await expect(page).toHaveURL(/\/application_/);
    for (const name of ["Kill", "Move"]) {
      await off(page.getByRole("button", { name, exact: true }).first(), /role operate/);
    }
    await look(page);
    await page.goto(`${rm}/submit`);
    await page.getByLabel("Command").fill("true");
    await off(page.getByRole("button", { name: "Submit the application" }), /role operate/);
    await expect(page).toHaveURL(/\/submit$/);
    await look(page);
    await page.goto(`${rm}/tokens`);
    await page.getByLabel("Renewer").fill("alice");
    await off(page.getByRole("button", { name: "Have a token made" }), /role administer/);
    await look(page);
  } finally {
    await site.close();
  }
});

alone("what the service hides from Howdah's user is not shown as zeros, and what it does not allow is refused in its words", async ({ page }) => {
  const site = await Site.open(1, (config) => config.replace(/(kind = "user-name"[^[]*user = )"[^"]*"/, '$1"somebody"'));
  try {
    await site.signIn(page);
    const rm = `${site.url}connections/yarn`;
    await page.goto(`${rm}/applications?state=RUNNING&queue=root.finance&cols=name,queue,memory`);
    await expect(page.getByText(/^The ResourceManager hides times and resources of \d+ applications/)).toBeVisible();
    await expect(page.locator(".table-window .cell-hidden").first()).toHaveText("Hidden");
    await look(page);
    await page.getByRole("row").nth(1).locator(".col-name").dblclick();
    await expect(page.getByRole("status").filter({ hasText: "Hidden" })).toContainText("yarn.admin.acl");
    await expect(page.locator(".tile-figure").first()).toHaveText("—");
    await look(page);
    await page.getByRole("button", { name: "Kill", exact: true }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Kill the application" }).click();
    const alert = page.getByRole("dialog").getByRole("alert");
    await expect(alert).toContainText("The service does not allow this to Howdah's user.");
    await expect(alert).toContainText("Unauthorized attempt to kill");
    await look(page);
  } finally {
    await site.close();
  }
});
