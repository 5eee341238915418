// Inside a portal on another origin: what it may do, what its users see, and what nobody else can do.
import type { Frame, Page } from "@playwright/test";
import { expect, NAMED, type Place, type Portal, test } from "./support/portal";
import { clusterId } from "./support/site";

const CLUSTERS = "connections/hadoop-eco/clusters";
const CLUSTER = clusterId("nightly-etl");
const change = (howdah: Place) => `${howdah.url}api/connections/hadoop-eco/v2/hadoop-eco/clusters/${CLUSTER}`;

test("a page is framed in the portal's theme and language, and a person signs in there and stays in", async ({ page, portal }) => {
  const framed = page.waitForRequest((request) => request.url().startsWith(portal.howdah.url));
  await page.goto(portal.page(portal.howdah, CLUSTERS));
  expect((await (await framed).allHeaders())["sec-fetch-site"]).toBe("cross-site");
  const frame = page.frameLocator("iframe");
  const heading = frame.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("로그인");
  await frame.getByLabel("토큰").fill(portal.token);
  await frame.getByRole("button", { name: "로그인" }).click();
  await expect(heading).toHaveText("클러스터");
  const asPortalWants = async (sign = frame.getByRole("link", { name: "nightly-etl", exact: true })) => {
    await expect(sign).toBeVisible();
    await expect(frame.locator("html")).toHaveAttribute("lang", "ko");
    await expect(frame.locator("html")).toHaveAttribute("data-theme", "dark");
    await expect(frame.getByRole("banner")).toHaveCount(0);
    await expect(frame.getByRole("navigation")).toHaveCount(0);
  };
  const reloadFrame = async () => {
    await frame.locator("html").evaluate((root) => {
      root.setAttribute("data-old", "");
      location.reload();
    });
    await expect(frame.locator("html")).not.toHaveAttribute("data-old");
  };
  await asPortalWants();
  const [session] = (await page.context().cookies(portal.howdah.url)).filter(({ name }) => name === "__Host-howdah");
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: "None", partitionKey: "https://portal.localhost" });
  await reloadFrame();
  await asPortalWants();
  await page.reload();
  await asPortalWants();
  await frame.getByRole("link", { name: "nightly-etl", exact: true }).click();
  await expect(heading).toHaveText("nightly-etl");
  await reloadFrame();
  await asPortalWants(heading.getByText("nightly-etl"));
  // The session is that of the portal's frame: by itself Howdah does not know it.
  await page.goto(`${portal.howdah.url}?lang=en`);
  await expect(page.getByLabel("Token")).toBeVisible();
});

test("whom the portal's proxy names is in without a token, and changes are journalled under that name", async ({ page, portal }) => {
  await page.goto(`${portal.named.url}?lang=en`);
  await page.getByRole("button", { name: `Signed in as ${NAMED}` }).click();
  await expect(page.getByText("Signed in as", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign out" })).toHaveCount(0);
  // What a page says of itself is overwritten by the proxy.
  const me = await page.evaluate(async () => {
    const headers = { "X-Remote-User": "root", "Howdah-Proxy-Secret": "guessed" };
    return (await fetch("/api/me", { headers })).json();
  });
  expect(me).toMatchObject({ principal: NAMED, session: false });

  const before = (await portal.started()).length;
  await page.goto(portal.page(portal.named, `${CLUSTERS}/${CLUSTER}/run`));
  const frame = page.frameLocator("iframe");
  await frame.locator("form button[type=submit]").click();
  await expect(frame.getByRole("heading", { level: 1 })).toContainText("nightly-etl");
  await expect.poll(async () => (await portal.started()).length).toBe(before + 1);
  // The run is followed over a WebSocket, which is opened in that name too.
  await expect(frame.getByRole("main").getByText("성공").first()).toBeVisible({ timeout: 30_000 });
  expect((await portal.requests(portal.named))[0]).toMatchObject({ principal: NAMED, state: "succeeded" });
});

test("a proxy whose secret is another is told of in the page, and no token is asked for", async ({ page, portal }) => {
  const wrong = await portal.changeSecret();
  await page.goto(`${portal.named.url}?lang=en`);
  await expect(page.getByRole("alert")).toContainText("Howdah does not accept how the portal's proxy names you.");
  await expect(page.getByText("proxy_refused")).toBeVisible();
  await wrong.end();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
});

test("the portal's page calls Howdah with a token of its own, and watches a list live", async ({ page, portal }) => {
  await page.goto(portal.page(portal.howdah, CLUSTERS, clusterId("hive-report")));
  await page.getByLabel("Token").fill(portal.token);
  await page.getByRole("button", { name: "Watch" }).click();
  const status = page.getByRole("status", { name: "Watching" });
  await expect(status).toHaveText("Watching");
  const before = await page.getByRole("listitem").count();
  await page.getByRole("button", { name: "Run" }).click();
  const newest = page.getByRole("list", { name: "Requests" }).getByRole("listitem").first();
  await expect(page.getByRole("listitem")).toHaveCount(before + 1);
  const [request] = await portal.requests(portal.howdah);
  await expect(page.getByLabel("Started")).toHaveText(`${request?.id}`);
  await expect(newest).toHaveText(`${request?.id} by tester: succeeded`, { timeout: 30_000 });
  await page.getByLabel("Token").fill("wrong");
  await page.getByRole("button", { name: "Run" }).click();
  await expect(status).toHaveText("Error: The token is not valid");
});

test.describe("whoever is not the portal", () => {
  /** What must not change. */
  async function state(portal: Portal) {
    const journals = await Promise.all([portal.howdah, portal.named].map((howdah) => portal.requests(howdah)));
    return { started: await portal.started(), written: journals.map((requests) => requests.map(({ id }) => id)) };
  }

  /** The frame of the portal's page in `outer`, which shows nothing of Howdah's. */
  async function frameIsRefused(outer: Page | Frame) {
    const frames = () => (("mainFrame" in outer ? outer.mainFrame() : outer) as Frame).childFrames();
    await expect.poll(() => frames().map((frame) => frame.url())).toEqual(["chrome-error://chromewebdata/"]);
    await expect(frames()[0]!.getByRole("heading", { level: 1 })).toHaveCount(0);
  }

  /** All that a page can try, with a token and with what the browser and the proxy add. None may come to anything. */
  async function nothingWorks(there: Page | Frame, portal: Portal) {
    const before = await state(portal);
    for (const howdah of [portal.howdah, portal.named]) {
      const got = await there.evaluate(async ([url, change, token]) => {
        const bearer = { Authorization: `Bearer ${token}` };
        const json = { "Content-Type": "application/json" };
        const asked = (what: string, init: RequestInit) =>
          fetch(what, init).then(
            (reply) => (reply.type === "opaque" ? "sent blindly" : `${reply.status}`),
            () => "refused",
          );
        const socket = new Promise<string>((told) => {
          const opened = new WebSocket(`${url.replace("http", "ws")}api/watch`);
          opened.onopen = () => told("open");
          opened.onerror = () => told("refused");
        });
        return {
          read: await asked(`${url}api/requests`, { credentials: "include" }),
          readWithToken: await asked(`${url}api/requests`, { headers: bearer }),
          watched: await asked(`${url}api/requests`, { headers: { ...bearer, Accept: "text/event-stream" } }),
          changed: await asked(change, { method: "POST", body: "{}", credentials: "include", headers: json }),
          changedWithToken: await asked(change, { method: "POST", body: "{}", headers: { ...bearer, ...json } }),
          changedBlindly: await asked(change, { method: "POST", body: "{}", credentials: "include", mode: "no-cors" }),
          socket: await socket,
        };
      }, [howdah.url, change(howdah), portal.token] as const);
      const refused = "refused";
      expect(got).toEqual({
        read: refused,
        readWithToken: refused,
        watched: refused,
        changed: refused,
        changedWithToken: refused,
        changedBlindly: "sent blindly",
        socket: refused,
      });
    }
    expect(await state(portal)).toEqual(before);
  }

  test("neither frames nor reads nor changes anything, however alike its origin is", async ({ page, portal }) => {
    for (const origin of portal.strangers) {
      await test.step(origin, async () => {
        for (const howdah of [portal.howdah, portal.named]) {
          await page.goto(portal.page(howdah, CLUSTERS, CLUSTER, origin));
          await frameIsRefused(page);
        }
        await nothingWorks(page, portal);
      });
    }
  });

  test("does so from a frame without an origin, in the middle of the portal", async ({ page, portal }) => {
    await page.goto(portal.page(portal.named, CLUSTERS));
    const nested = async (attributes: Record<string, string>) => {
      await page.evaluate((attributes) => {
        const frame = document.createElement("iframe");
        for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
        document.body.replaceChildren(frame);
      }, attributes);
      await expect.poll(() => page.mainFrame().childFrames().map((frame) => frame.url())).toEqual([attributes.src]);
      const frame = page.mainFrame().childFrames()[0]!;
      await frame.waitForLoadState();
      expect(await frame.evaluate(() => self.origin)).toBe("null");
      return frame;
    };
    const sandboxed = await nested({ sandbox: "allow-scripts", src: portal.page(portal.named, CLUSTERS) });
    await nothingWorks(sandboxed, portal);
    const howdah = `${portal.named.url}${CLUSTERS}`;
    const data = await nested({ src: `data:text/html,<iframe src="${howdah}"></iframe>` });
    await frameIsRefused(data);
    await nothingWorks(data, portal);
  });

  test("sends no form in the name of whom the proxy knows", async ({ page, portal }) => {
    const before = await state(portal);
    await page.goto(portal.page(portal.named, CLUSTERS, CLUSTER, portal.strangers[0]));
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await page.evaluate((action) => {
      const form = Object.assign(document.createElement("form"), { action, method: "POST", enctype: "text/plain" });
      document.body.append(form);
      form.submit();
    }, change(portal.named));
    expect((await answer).status()).toBe(403);
    expect(await state(portal)).toEqual(before);
  });
});
