// Over https: below a path of a host that nginx shares out, and with TLS of Howdah's own. A person works, a script
// watches.
import type { Page } from "@playwright/test";
import { expect, type Place, type Portal, test } from "./support/portal";
import { clusterId } from "./support/site";

async function signIn(page: Page, howdah: Place, portal: Portal): Promise<void> {
  await page.goto(`${howdah.url}?lang=en`);
  await page.getByLabel("Token").fill(portal.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
}

/** Runs a cluster again, of which no run is under way when the sandbox starts, and follows it to its end. */
async function run(page: Page, howdah: Place, cluster: string): Promise<void> {
  // Listened to from the first: word comes as soon as there is a line. The page before may be about to have one too.
  const subscribed = new Promise<string>((told) => {
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => {
        if (page.url().includes("/run?") && `${payload}`.includes("subscribed")) told(socket.url());
      });
    });
  });
  await page.goto(`${howdah.url}connections/hadoop-eco/clusters/${clusterId(cluster)}/run?lang=en`);
  expect(await subscribed).toBe(`${howdah.url.replace("http", "ws")}api/watch`);
  await page.locator("form button[type=submit]").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Run of ${cluster}`);
  await expect(page.getByRole("main").getByText("Succeeded").first()).toBeVisible({ timeout: 30_000 });
}

/** The first event of a stream, as a script in a page has it; the stream has not ended by then. */
async function firstEvent(page: Page, howdah: Place, token: string): Promise<string> {
  return page.evaluate(
    async ([address, token]) => {
      const headers = { Authorization: `Bearer ${token}`, Accept: "text/event-stream" };
      const reply = await fetch(address, { headers, credentials: "omit" });
      const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (!/^event: [^]*\n\n/m.test(text)) text += (await reader.read()).value;
      await reader.cancel();
      return text;
    },
    [`${howdah.url}api/requests`, token] as const,
  );
}

test("below a path of a shared host, behind nginx", async ({ page, portal }) => {
  const strays: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(portal.below.url)) strays.push(request.url());
  });
  await signIn(page, portal.below, portal);
  const [session] = await page.context().cookies(portal.below.url);
  expect(session).toMatchObject({ secure: true, httpOnly: true });
  await run(page, portal.below, "nightly-etl");
  expect(await firstEvent(page, portal.below, portal.token)).toContain("event: snapshot");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run of nightly-etl");
  expect(strays).toEqual([]);
});

test("with TLS of its own, over HTTP/2", async ({ page, portal }) => {
  await signIn(page, portal.own, portal);
  await run(page, portal.own, "clickstream-ha");
  expect(await firstEvent(page, portal.own, portal.token)).toContain("event: snapshot");
  const protocols = await page.evaluate(() =>
    performance.getEntries().flatMap((entry) => ("nextHopProtocol" in entry ? [entry.nextHopProtocol] : [])),
  );
  expect(new Set(protocols)).toEqual(new Set(["h2"]));
});
