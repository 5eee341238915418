// How often a page asks for what is Howdah's own: once, and again only for what is new.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";

const eco = "connections/hadoop-eco/clusters";

/** The newest request that has ended. */
const done = async (page: Page) => {
  const reply = await page.request.get("./api/requests?state=succeeded&limit=1");
  const { requests }: { requests: { id: string }[] } = await reply.json();
  return `requests/${requests[0]?.id}`;
};

const pages: { name: string; path: string | ((page: Page) => Promise<string>) }[] = [
  { name: "Fleet", path: "" },
  { name: "Clusters", path: eco },
  { name: "Cluster", path: `${eco}/${clusterId("nightly-etl")}` },
  { name: "Run again", path: `${eco}/${clusterId("nightly-etl")}/run` },
  { name: "Run", path: done },
  { name: "Activity", path: "requests" },
];

for (const { name, path } of pages) {
  test(`${name} asks for nothing that it has`, async ({ page }) => {
    const asked = new Map<string, string[]>();
    page.on("response", (reply) => {
      const { pathname, search } = new URL(reply.url());
      // What a service is asked for by way of Howdah is none of its own.
      if (!/^\/api\/(connections|health|clusters|requests)(\/[^/]+)?$/.test(pathname)) return;
      const address = pathname + search.replace(/&$/, "");
      asked.set(address, [...(asked.get(address) ?? []), reply.headers().etag ?? ""]);
    });
    // What is watched and the version that it was held in; of that what Howdah has said: that it is as it was, or news.
    const watched = new Map<number, { address: string; known?: string }>();
    const fresh = new Set<string>();
    const news = new Map<string, number>();
    const known: string[] = [];
    page.on("websocket", (line) => {
      line.on("framesent", ({ payload }) => {
        const { subscribe } = JSON.parse(String(payload));
        if (!subscribe) return;
        const address = subscribe.path + (subscribe.query ? `?${subscribe.query}` : "");
        watched.set(subscribe.id, { address, known: subscribe.known });
        if (!subscribe.connection && !subscribe.known) known.push(`${address} is watched as if nothing of it were held`);
      });
      line.on("framereceived", ({ payload }) => {
        const [id, told] = JSON.parse(String(payload));
        const of = watched.get(id);
        if (!of) return;
        if (told.fresh) fresh.add(of.address);
        if (told.reset || told.patch) news.set(of.address, (news.get(of.address) ?? 0) + 1);
        if (told.reset && told.reset.version === of.known) known.push(`${of.address} is told as news, and was held`);
      });
    });
    await page.goto(`./${typeof path === "string" ? path : await path(page)}`);
    await page.locator("html[data-howdah=ready]").waitFor();
    expect([...asked.keys()]).toContain("/api/connections");
    await expect.poll(() => [...asked.keys()].filter((one) => !fresh.has(one))).toEqual([]);
    // By then it would have asked once more.
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(known).toEqual([]);
    for (const [address, tags] of asked) {
      expect(tags, address).not.toContain("");
      const most = 1 + (news.get(address) ?? 0);
      expect(tags.length, `${address}: ${tags.join(", ")}`).toBeLessThanOrEqual(most);
    }
  });
}
