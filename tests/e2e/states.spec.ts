// Every page while it loads, when it fails and when it has gone stale: what it says then, and that axe finds nothing.
import type { BrowserContext, Page, Route } from "@playwright/test";
import { look } from "./support/axe";
import { expect, test } from "./support/sandbox";
import { cluster } from "./support/savanna";
import { clusterId, Site } from "./support/site";

const settled = "html[data-howdah=ready]";
const eco = "connections/hadoop-eco/clusters";
const nightly = clusterId("nightly-etl");

const words = {
  en: { away: "Howdah cannot be reached from this browser.", again: "Try again", ask: /Ask again now/ },
  ko: { away: "브라우저에서 Howdah에 연결할 수 없습니다.", again: "다시 시도", ask: /지금 다시 조회/ },
};
type Lang = keyof typeof words;
const languages: Lang[] = ["en", "ko"];

const yarn = "connections/yarn";
const genomics = "connections/cyclecloud/clusters/genomics";
/** An application that runs for a while. */
const running = async (page: Page) => {
  const reply = await page.request.get("./api/connections/yarn/ws/v1/cluster/apps?states=RUNNING");
  const { apps }: { apps: { app: { id: string; startedTime: number }[] } } = await reply.json();
  const [youngest] = apps.app.sort((one, other) => other.startedTime - one.startedTime);
  return `${yarn}/applications/${youngest?.id}`;
};

/** A page of the Savanna's cluster that is there from the beginning. */
const night = (below: string) => async (page: Page) =>
  `connections/savanna/clusters/${(await cluster(page.request, "night")).id}${below}`;

/** The newest request that has ended. */
const done = async (page: Page) => {
  const reply = await page.request.get("./api/requests?state=succeeded&limit=1");
  const { requests }: { requests: { id: string }[] } = await reply.json();
  return `requests/${requests[0]?.id}`;
};

type Shown = {
  name: string;
  path: string | ((page: Page) => Promise<string>);
  /** What the page shows is read from here. */
  read: RegExp;
  /** Its name while nothing more is known of it; the last part of its address unless told. */
  title?: Record<Lang, string> | ((address: string) => Record<Lang, string>);
  /** Whether it is told of changes by a line that stays when the network is gone. */
  told?: boolean;
};

/** The picture of what is watched. */
const watched = /\/api\/watch\/[^/]+$/;

const pages: Shown[] = [
  { name: "Fleet", path: "", read: /\/api\/connections$/, title: { en: "Fleet", ko: "전체 현황" } },
  { name: "Clusters", path: eco, read: /\/api\/clusters\//, title: { en: "Clusters", ko: "클러스터" } },
  { name: "Cluster", path: `${eco}/${nightly}`, read: /\/api\/(clusters\/|connections$)/, title: { en: nightly, ko: nightly } },
  { name: "Run again", path: `${eco}/${nightly}/run`, read: /\/api\/(clusters\/|connections$)/, title: { en: `Run ${nightly} again`, ko: `${nightly} 다시 실행` } },
  { name: "Run", path: done, read: /\/api\/requests\/[^/]+$/, title: { en: "Request", ko: "요청" } },
  { name: "Activity", path: "requests", read: /\/api\/requests(\?|$)/, title: { en: "Activity", ko: "작업 이력" } },
  { name: "Overview", path: `${yarn}/overview`, read: watched, title: { en: "Overview", ko: "개요" }, told: true },
  { name: "Applications", path: `${yarn}/applications`, read: watched, title: { en: "Applications", ko: "애플리케이션" }, told: true },
  { name: "Application", path: running, read: watched, told: true },
  { name: "Queues", path: `${yarn}/queues`, read: watched, title: { en: "Queues", ko: "큐" }, told: true },
  { name: "Nodes", path: `${yarn}/nodes`, read: watched, title: { en: "Nodes", ko: "노드" }, told: true },
  { name: "Nodes, as a map", path: `${yarn}/nodes?view=map`, read: watched, title: { en: "Nodes", ko: "노드" }, told: true },
  { name: "Node", path: `${yarn}/nodes/node-1.sandbox.invalid%3A45454`, read: watched, told: true },
  { name: "Statistics", path: `${yarn}/statistics`, read: watched, title: { en: "Statistics", ko: "통계" }, told: true },
  { name: "Savanna's clusters", path: "connections/savanna/clusters", read: watched, title: { en: "Clusters", ko: "클러스터" }, told: true },
  { name: "Cluster of Savanna", path: night(""), read: watched, told: true },
  {
    name: "Scale",
    path: night("/scale"),
    read: watched,
    title: (address) => {
      const id = address.split("/").at(-2);
      return { en: `Scale ${id}`, ko: `${id} 스케일링` };
    },
    told: true,
  },
  { name: "Plugins", path: "connections/savanna/plugins", read: watched, title: { en: "Plugins", ko: "플러그인" }, told: true },
  {
    name: "Plugin",
    path: "connections/savanna/plugins/vanilla/1.2.1",
    read: watched,
    title: { en: "vanilla 1.2.1", ko: "vanilla 1.2.1" },
    told: true,
  },
  { name: "Images", path: "connections/savanna/images", read: watched, title: { en: "Image registry", ko: "이미지 레지스트리" }, told: true },
  { name: "Image", path: `connections/savanna/images/${clusterId("hadoop")}`, read: watched, told: true },
  {
    name: "Cluster templates",
    path: "connections/savanna/cluster-templates",
    read: watched,
    title: { en: "Cluster templates", ko: "클러스터 템플릿" },
    told: true,
  },
  { name: "Cluster of CycleCloud", path: genomics, read: watched, title: { en: "genomics", ko: "genomics" }, told: true },
  {
    name: "Nodes of CycleCloud",
    path: `${genomics}/nodes`,
    read: watched,
    title: { en: "Nodes of genomics", ko: "genomics의 노드" },
    told: true,
  },
  { name: "Add nodes", path: `${genomics}/add`, read: watched, title: { en: "Add nodes to genomics", ko: "genomics에 노드 추가" }, told: true },
  { name: "Scale of CycleCloud", path: `${genomics}/scale`, read: watched, title: { en: "Scale genomics", ko: "genomics 확장" }, told: true },
  {
    name: "Usage",
    path: `${genomics}/usage`,
    read: watched,
    title: { en: "Usage and cost of genomics", ko: "genomics의 사용량과 비용" },
    told: true,
  },
  {
    name: "Operations",
    path: `${genomics}/operations`,
    read: /\/api\/requests(\?|$)/,
    title: { en: "Operations on genomics", ko: "genomics의 작업" },
  },
  { name: "Tokens", path: `${yarn}/tokens`, read: /\/api\/tokens\/yarn$/, title: { en: "Tokens", ko: "토큰" } },
];

/** What happens to a read of the page: it is kept waiting, broken off, or let through. */
class Way {
  private waiting: Route[] = [];
  private end: ((route: Route) => Promise<void>) | null = null;

  static async of(page: Page, read: RegExp): Promise<Way> {
    const way = new Way();
    await page.route(read, (route) => (way.end ? way.end(route) : void way.waiting.push(route)));
    return way;
  }

  /** What waits comes to this end, and all that follows; without one it waits again. */
  async become(end: ((route: Route) => Promise<void>) | null): Promise<void> {
    this.end = end;
    if (end) await Promise.all(this.waiting.splice(0).map(end));
  }
}

for (const { name, path, read, title, told } of pages) {
  for (const lang of languages) {
    test(`${name} while it loads, fails and is stale (${lang})`, async ({ page, context }) => {
      const { away, again, ask } = words[lang];
      const address = typeof path === "string" ? path : await path(page);
      const way = await Way.of(page, read);
      const titles = typeof title === "function" ? title(address) : title;
      const named = titles?.[lang] ?? decodeURIComponent(address.split("/").at(-1) ?? "");
      await page.goto(`./${address}${address.includes("?") ? "&" : "?"}lang=${lang}`);
      // A page may have several parts.
      const [skeleton, alert] = [page.locator(".skeleton"), page.getByRole("alert")];
      // A list that others watch stands there at once, as a picture that cannot be used yet.
      const drawn = page.locator("body[inert]");
      await expect(skeleton.first().or(drawn)).toHaveCSS("opacity", "1");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(named);
      if ((await drawn.count()) === 0) await look(page);

      await way.become((route) => route.abort());
      await expect(alert.first()).toContainText(away);
      await expect(skeleton).toHaveCount(0);
      await look(page);

      await way.become(null);
      await page.getByRole("button", { name: again }).click();
      await way.become((route) => route.continue());
      await expect(alert).toHaveCount(0);
      await page.locator(settled).waitFor();
      if (told) return;
      const content = await page.getByRole("heading", { level: 1 }).textContent();
      await context.setOffline(true);
      await page.getByRole("button", { name: ask }).click();
      await expect(page.locator(".stale")).toContainText(away);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(content ?? "");
      await look(page);
      await context.setOffline(false);
    });
  }
}

test.describe("while the services are away", () => {
  test.describe.configure({ mode: "serial" });
  /** A service that has failed several times is not asked any more for a while. */
  const away = { en: /The service (cannot be reached|failed several times)/, ko: /서비스에 연결할 수 없습니다|서비스가 연달아 실패/ };
  let site: Site;
  let context: BrowserContext;
  test.beforeAll(async ({ browser }) => {
    site = await Site.open(60);
    context = await browser.newContext();
    const page = await context.newPage();
    await site.signIn(page);
    await page.goto(`${site.url}connections/yarn/applications`);
    await expect(page.getByRole("row").nth(1)).toBeVisible();
    await site.strand();
    await page.getByRole("button", { name: words.en.ask }).click();
    await expect(page.locator(".stale")).toContainText(away.en);
  });
  test.afterAll(async () => {
    await context.close();
    await site.close();
  });

  const unread = { en: "What ran last cannot be shown.", ko: "마지막 실행 정보를 표시할 수 없습니다." };
  const shown: { name: string; path: string; says: Record<Lang, string | RegExp>; where: string }[] = [
    { name: "a list that others have seen", path: "connections/yarn/applications", says: away, where: ".stale" },
    { name: "the fleet", path: "", says: away, where: ".card-sick" },
    { name: "a cluster", path: `${eco}/${nightly}`, says: unread, where: "main" },
    { name: "running it again", path: `${eco}/${nightly}/run`, says: unread, where: ".again-note" },
  ];
  for (const { name, path, says, where } of shown) {
    for (const lang of languages) {
      test(`${name} says so as soon as it is opened (${lang})`, async () => {
        const page = await context.newPage();
        await page.goto(`${site.url}${path}?lang=${lang}`);
        await expect(page.locator(where).first()).toContainText(says[lang]);
        await look(page);
        await page.close();
      });
    }
  }
});
