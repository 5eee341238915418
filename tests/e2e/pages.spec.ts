// Every page by its address, in every language, theme and width, without a violation of the rules of accessibility.
import type { Page } from "@playwright/test";
import { expectNoViolations } from "./support/axe";
import { expectReachable } from "./support/keyboard";
import { expect, test } from "./support/sandbox";
import { cluster as savannaCluster } from "./support/savanna";
import { told } from "./support/savanna-told";
import { clusterId } from "./support/site";

const settled = "html[data-howdah=ready]";
const cluster = (name: string, connection = "hadoop-eco") => `connections/${connection}/clusters/${clusterId(name)}`;

type Shown = {
  name: string;
  /** The address, or how it is found. */
  path: string | ((page: Page) => Promise<string>);
  /** The page's name in English and Korean. */
  title: [string, string];
  /** What else makes it this state of the page. */
  act?: (page: Page) => Promise<void>;
};

/** The newest request of a cluster. */
const requestOf = (name: string) => async (page: Page) => {
  const reply = await page.request.get(`./api/requests?connection=hadoop-eco&target=${clusterId(name)}`);
  const { requests }: { requests: { id: string }[] } = await reply.json();
  return `requests/${requests[0]?.id}`;
};

/** A page of the Savanna's cluster that is there from the beginning. */
const night = (below: string) => async (page: Page) =>
  `connections/savanna/clusters/${(await savannaCluster(page.request, "night")).id}${below}`;

/** A page of one of CycleCloud's clusters. */
const cycle = (name: string) => `connections/cyclecloud/clusters/${encodeURIComponent(name)}`;

/** A template that the Savanna has from the beginning. */
const template = (kind: "node-group-templates" | "cluster-templates", name: string) => async (page: Page) => {
  const lists = await told<Record<string, { id: string; name: string }[]>>(page.request, kind);
  const found = Object.values(lists).flat().find((one) => one.name === name);
  return `connections/savanna/${kind}/${found?.id}`;
};

/** A request of which nobody knows what became of it. */
const lost = async (page: Page) => {
  await page.goto(`./${cluster("sentinel-200-without-id", "failing")}/run`);
  await page.locator("form button[type=submit]").click();
  await expect(page.getByRole("alert")).toBeVisible();
  const reply = await page.request.get("./api/requests?connection=failing&state=unknown&limit=1");
  const { requests }: { requests: { id: string }[] } = await reply.json();
  return `requests/${requests[0]?.id}`;
};

const pages: Shown[] = [
  {
    name: "Fleet, where something waits for someone",
    path: async (page) => (await lost(page), ""),
    title: ["Fleet", "전체 현황"],
    act: async (page) => {
      await expect(page.locator(".waiting").getByRole("row").nth(1)).toBeVisible();
    },
  },
  { name: "Run, unknown", path: lost, title: ["Run of sentinel-200-without-id", "sentinel-200-without-id 실행"] },
  { name: "Fleet", path: "", title: ["Fleet", "전체 현황"] },
  { name: "Clusters", path: "connections/hadoop-eco/clusters", title: ["Clusters", "클러스터"] },
  { name: "Clusters, nothing fits", path: "connections/hadoop-eco/clusters?q=nobody&state=running", title: ["Clusters", "클러스터"] },
  {
    name: "Clusters, one chosen",
    path: `connections/hadoop-eco/clusters?at=${clusterId("nightly-etl")}&sort=-when`,
    title: ["Clusters", "클러스터"],
    act: async (page) => {
      await expect(page.getByRole("row", { selected: true })).toContainText("nightly-etl");
    },
  },
  { name: "Cluster", path: cluster("clickstream-ha"), title: ["clickstream-ha", "clickstream-ha"] },
  { name: "Cluster, legacy", path: cluster("credit-scores", "hadoop-eco-v1"), title: ["credit-scores", "credit-scores"] },
  {
    name: "Cluster, all unfolded",
    path: cluster("partner-feed"),
    title: ["partner-feed", "partner-feed"],
    act: async (page) => {
      for (const summary of await page.locator("summary").all()) await summary.click();
      await expect(page.locator("pre").last()).toContainText("***");
    },
  },
  { name: "Cluster without a key", path: cluster("archive-compaction"), title: ["archive-compaction", "archive-compaction"] },
  { name: "Run again", path: `${cluster("nightly-etl")}/run`, title: ["Run nightly-etl again", "nightly-etl 다시 실행"] },
  {
    name: "Run again, all unfolded",
    path: `${cluster("nightly-etl")}/run`,
    title: ["Run nightly-etl again", "nightly-etl 다시 실행"],
    act: async (page) => {
      for (const summary of await page.locator("summary").all()) await summary.click();
      await expect(page.locator("pre")).toContainText("curl");
    },
  },
  {
    name: "Run again with faults and warnings",
    path: `${cluster("feature-store-stays-running")}/run`,
    title: ["Run feature-store-stays-running again", "feature-store-stays-running 다시 실행"],
    act: async (page) => {
      await page.locator("#volume").fill("1");
      await page.locator("#workers").fill("7");
      await page.locator("#parameters").fill("--date yesterday ".repeat(12));
      await page.locator("#replication").fill("9");
      await expect(page.locator(".field-fault:visible")).toHaveCount(1);
    },
  },
  {
    name: "Run again refused",
    path: `${cluster("sentinel-401", "failing")}/run`,
    title: ["Run sentinel-401 again", "sentinel-401 다시 실행"],
    act: async (page) => {
      await page.locator("form button[type=submit]").click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  { name: "Run, under way", path: requestOf("hourly-sessions"), title: ["Run of hourly-sessions", "hourly-sessions 실행"] },
  { name: "Run, failed", path: requestOf("geo-index-always-fails"), title: ["Run of geo-index-always-fails", "geo-index-always-fails 실행"] },
  { name: "Run, done", path: requestOf("nightly-etl"), title: ["Run of nightly-etl", "nightly-etl 실행"] },
  { name: "Run, gone", path: "requests/01ARZ3NDEKTSV4RRFFQ69G5FAV", title: ["Request", "요청"] },
  { name: "Activity", path: "requests", title: ["Activity", "작업 이력"] },
  { name: "Activity, nothing fits", path: "requests?state=unresolved&connection=yarn", title: ["Activity", "작업 이력"] },
  { name: "Applications", path: "connections/yarn/applications", title: ["Applications", "애플리케이션"] },
  {
    name: "Applications, every filter set and a menu open",
    path: "connections/yarn/applications?user=etl&queue=root.default&type=SPARK&tag=nightly&final=SUCCEEDED&started=7d&finished=7d&cols=name,state,tags,tracking",
    title: ["Applications", "애플리케이션"],
    act: async (page) => {
      await page.locator(".facets .chip").first().click();
      await expect(page.locator(".facet-panel input:visible").first()).toBeVisible();
    },
  },
  { name: "Overview", path: "connections/yarn/overview", title: ["Overview", "개요"] },
  { name: "Queues", path: "connections/yarn/queues?at=root.eng.etl", title: ["Queues", "큐"] },
  { name: "Nodes", path: "connections/yarn/nodes", title: ["Nodes", "노드"] },
  { name: "Nodes, as a map", path: "connections/yarn/nodes?view=map", title: ["Nodes", "노드"] },
  {
    name: "Node",
    path: "connections/yarn/nodes/node-3.sandbox.invalid%3A45454",
    title: ["node-3.sandbox.invalid", "node-3.sandbox.invalid"],
  },
  {
    name: "Submit, all unfolded",
    path: "connections/yarn/submit",
    title: ["Submit an application", "애플리케이션 제출"],
    act: async (page) => {
      for (const summary of await page.locator("summary").all()) await summary.click();
      await page.locator("#submit-memory").fill("much");
      await expect(page.locator(".field-fault:visible")).toHaveCount(1);
    },
  },
  { name: "Statistics", path: "connections/yarn/statistics", title: ["Statistics", "통계"] },
  { name: "Savanna's clusters", path: "connections/savanna/clusters", title: ["Clusters", "클러스터"] },
  {
    name: "Savanna's clusters, every column, one selected",
    path: "connections/savanna/clusters?cols=name,status,step,health,plugin,version,nodes,groups,age,why,description,id",
    title: ["Clusters", "클러스터"],
    act: async (page) => {
      await page.getByRole("row").nth(1).getByRole("checkbox").click();
      await expect(page.locator(".several")).toBeVisible();
    },
  },
  {
    name: "Cluster of Savanna, all unfolded",
    path: night(""),
    title: ["night", "night"],
    act: async (page) => {
      for (const summary of await page.locator("main summary").all()) await summary.click();
      await expect(page.locator("pre").last()).toContainText('"night"');
    },
  },
  {
    name: "Scale, with faults and a new group",
    path: night("/scale"),
    title: ["Scale night", "night 스케일링"],
    act: async (page) => {
      await page.locator("#count-0").fill("-1");
      await page.locator("form .again-fields button").first().click();
      await expect(page.locator(".field-fault:visible")).toHaveCount(2);
    },
  },
  { name: "Plugins", path: "connections/savanna/plugins", title: ["Plugins", "플러그인"] },
  {
    name: "Plugin, its processes unfolded",
    path: "connections/savanna/plugins/vanilla/1.2.1?cols=name,default,service,type,scope,choices,priority,description",
    title: ["vanilla 1.2.1", "vanilla 1.2.1"],
    act: async (page) => {
      await page.locator("main summary").first().click();
      await expect(page.locator(".facts")).toContainText("namenode");
    },
  },
  { name: "Plugin, gone", path: "connections/savanna/plugins/nobody/1", title: ["nobody 1", "nobody 1"] },
  { name: "Image registry", path: "connections/savanna/images", title: ["Image registry", "이미지 레지스트리"] },
  { name: "Image", path: `connections/savanna/images/${clusterId("hadoop")}`, title: ["hadoop", "hadoop"] },
  { name: "Node group templates", path: "connections/savanna/node-group-templates", title: ["Node group templates", "노드 그룹 템플릿"] },
  { name: "Node group template", path: template("node-group-templates", "worker"), title: ["worker", "worker"] },
  {
    name: "New node group template, all unfolded",
    path: "connections/savanna/node-group-templates/new?plugin=vanilla&version=1.2.1",
    title: ["New node group template", "새 노드 그룹 템플릿"],
    act: async (page) => {
      for (const summary of await page.locator("main summary").all()) await summary.click();
      await page.locator(".found button").first().click();
      await page.locator("#form-flavor_id").fill("m1.tiny");
      await expect(page.locator("#form-flavor_id-fault")).toBeVisible();
    },
  },
  { name: "Cluster templates", path: "connections/savanna/cluster-templates", title: ["Cluster templates", "클러스터 템플릿"] },
  { name: "Cluster template", path: template("cluster-templates", "one-and-three"), title: ["one-and-three", "one-and-three"] },
  {
    name: "Launch, with a group, all unfolded",
    path: "connections/savanna/launch?plugin=vanilla&version=1.2.1",
    title: ["Launch a cluster", "클러스터 시작"],
    act: async (page) => {
      await page.locator("#form-groups ~ div button").click();
      for (const summary of await page.locator("main summary").all()) await summary.click();
      await page.locator("#form-name").fill("1st");
      await expect(page.locator("#form-name-fault")).toBeVisible();
    },
  },
  {
    name: "Cluster of Savanna, gone",
    path: "connections/savanna/clusters/99999999-9999-4999-8999-999999999999",
    title: ["99999999-9999-4999-8999-999999999999", "99999999-9999-4999-8999-999999999999"],
  },
  { name: "CycleCloud's clusters", path: "connections/cyclecloud/clusters", title: ["Clusters", "클러스터"] },
  {
    name: "Cluster of CycleCloud, all unfolded",
    path: cycle("genomics"),
    title: ["genomics", "genomics"],
    act: async (page) => {
      for (const summary of await page.locator("summary").all()) await summary.click();
      await expect(page.locator("pre").last()).toContainText("***");
    },
  },
  {
    name: "Nodes of CycleCloud, every column, one selected",
    path: `${cycle("genomics")}/nodes?cols=name,status,array,machine,address,cores,state,message,target,priority,group,host,public,memory,policy,instance,request,id`,
    title: ["Nodes of genomics", "genomics의 노드"],
    act: async (page) => {
      await page.locator("summary").click();
      await page.locator("#expression").fill("Status ==");
      await page.getByRole("row").nth(1).getByRole("checkbox").click();
      await expect(page.locator(".several")).toBeVisible();
    },
  },
  { name: "Add nodes", path: `${cycle("genomics")}/add`, title: ["Add nodes to genomics", "genomics에 노드 추가"] },
  { name: "Scale of CycleCloud", path: `${cycle("render / night")}/scale`, title: ["Scale render / night", "render / night 확장"] },
  {
    name: "Operations",
    path: `${cycle("genomics")}/operations`,
    title: ["Operations on genomics", "genomics의 작업"],
    act: async (page) => {
      await page.locator("summary").click();
    },
  },
  {
    name: "Usage, a range of one's own",
    path: `${cycle("genomics")}/usage?span=range&from=2026-10-01&to=2026-10-08&by=machine&measure=cost`,
    title: ["Usage and cost of genomics", "genomics의 사용량과 비용"],
    act: async (page) => {
      await page.locator("summary").click();
      await expect(page.getByRole("img").nth(1)).toBeVisible();
    },
  },
  { name: "Cluster of CycleCloud, gone", path: cycle("nobody"), title: ["nobody", "nobody"] },
  { name: "Application, gone", path: "connections/yarn/applications/application_1_0001", title: ["application_1_0001", "application_1_0001"] },
  { name: "Not found", path: "no/such/page", title: ["Not found", "페이지 없음"] },
];

for (const { name, path, title, act } of pages) {
  for (const [number, lang] of ["en", "ko"].entries()) {
    test(`${name}: its link shows it, axe finds nothing, keys lead everywhere, and it fits a phone (${lang})`, async ({ page }) => {
      const address = typeof path === "string" ? path : await path(page);
      await page.goto(`./${address}${address.includes("?") ? "&" : "?"}lang=${lang}`);
      await page.locator(settled).waitFor();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title[number] ?? "");
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      await act?.(page);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await expectNoViolations(page);
      }
      if (lang === "en") await expectReachable(page);
      // A phone, and a desktop at a zoom of 200 %: whatever is too wide scrolls within its own box.
      for (const width of [390, 640]) {
        await page.setViewportSize({ width, height: 844 });
        await expect(async () => {
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        }).toPass();
      }
    });
  }
}
