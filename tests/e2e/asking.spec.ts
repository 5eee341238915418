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
    // What is watched, and what of it Howdah has said to be as it was told.
    const watched = new Map<number, string>();
    const fresh = new Set<string>();
    page.on("websocket", (line) => {
      line.on("framesent", ({ payload }) => {
        const { subscribe } = JSON.parse(String(payload));
        if (subscribe) watched.set(subscribe.id, subscribe.path + (subscribe.query ? `?${subscribe.query}` : ""));
      });
      line.on("framereceived", ({ payload }) => {
        const [id, told] = JSON.parse(String(payload));
        if (told.fresh) fresh.add(watched.get(id) ?? "");
      });
    });
    await page.goto(`./${typeof path === "string" ? path : await path(page)}`);
    await page.locator("html[data-howdah=ready]").waitFor();
    expect([...asked.keys()]).toContain("/api/connections");
    await expect.poll(() => [...asked.keys()].filter((one) => !fresh.has(one))).toEqual([]);
    // By then it would have asked once more.
    await page.evaluate(() => new Promise(requestAnimationFrame));
    for (const [address, tags] of asked) {
      expect(tags, address).not.toContain("");
      expect(new Set(tags).size, `${address}: ${tags.join(", ")}`).toBe(tags.length);
    }
  });
}
