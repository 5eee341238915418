// What is measured of pages that show the journal, with its lines of the table.
import { stat } from "node:fs/promises";
import { countBytes, keystrokes, visit } from "./browser.mjs";
import { frames, kilobytes, median, tell, times } from "./report.mjs";

/** So many are asked for at once. */
const LANES = 8;
const WORDS = "daily report";

const ROWS = { selector: ".listing tbody tr:nth-child(50)", pattern: "" };
const CHART = { selector: ".chart-top", pattern: "." };
const LISTED = { selector: ".page-head-fact.number", pattern: " in all$" };

const get = async (url) => (await fetch(url)).json();

/** Runs the clusters again and again, so many runs in all, and waits until the last has ended. */
export async function fill(url, requests, step) {
  const clusters = (await get(`${url}api/clusters/hadoop-eco`)).filter(({ hasKey }) => hasKey);
  let asked = 0;
  const lane = async () => {
    while (asked < requests) {
      const { id } = clusters[asked % clusters.length];
      const body = JSON.stringify({ instanceSpecs: [{ type: "WORKER", nodeCnt: 1 + (asked++ % 50) }] });
      const path = `api/connections/hadoop-eco/v2/hadoop-eco/clusters/${id}`;
      const headers = { "Content-Type": "application/json" };
      const { status } = await fetch(url + path, { method: "POST", headers, body });
      if (status !== 200) throw new Error(`a run was answered with ${status}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  step("... all are asked for");
  const open = async () => (await get(`${url}api/requests?limit=1&state=accepted&state=running`)).requests.length > 0;
  const late = performance.now() + 300_000;
  while (await open()) {
    if (performance.now() > late) throw new Error("the runs do not end");
    await new Promise((later) => setTimeout(later, 500));
  }
  step("... all have ended");
}

/** The pages of the activity, of a cluster and of the clusters; the file of all requests. */
export async function history(them, rounds) {
  const { url, open } = them;
  const busy = (await get(`${url}api/requests?limit=1&connection=hadoop-eco`)).requests[0].target.cluster_id;
  const activity = `${url}requests`;
  await firstVisits("activity: first visit, 50 rows", open, activity, ROWS, rounds);
  await firstVisits("a cluster: first visit, runs and chart", open, `${url}connections/hadoop-eco/clusters/${busy}`, CHART, rounds);
  await firstVisits("clusters: first visit", open, `${url}connections/hadoop-eco/clusters`, LISTED, rounds);

  const page = await open();
  await visit(page, activity, { rows: ROWS });
  const taken = [];
  const received = await countBytes(page);
  for (let round = 0; round < rounds; round++) taken.push(await page.evaluate(older));
  tell("activity: from the press to the older 50", `${times(taken)}, ${kilobytes(received.sent / rounds)}`);

  const before = received.sent;
  const begun = performance.now();
  const saved = page.waitForEvent("download", { timeout: 120_000 });
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const file = await (await saved).path();
  const sent = kilobytes(received.sent - before);
  tell("activity: all as CSV", `${times([performance.now() - begun])}, ${sent}, a file of ${kilobytes((await stat(file)).size)}`);
  await page.context().close();

  const clusters = await open();
  await visit(clusters, `${url}connections/hadoop-eco/clusters`, { all: LISTED });
  const keys = [...WORDS, ...Array(WORDS.length).fill("Backspace")];
  const keyed = await keystrokes(clusters, "#filter", ".page-head-fact.number, .table-window .col-name", keys);
  tell("clusters: keystroke to the filtered frame", frames(keyed), "", { value: median(keyed), limit: 16, budget: "16 ms" });
  await clusters.context().close();
}

/** How long a page takes for somebody who was never there, and how many bytes; the first warms everybody up. */
async function firstVisits(what, open, address, mark, rounds) {
  const taken = [];
  let bytes = 0;
  for (let round = 0; round <= rounds; round++) {
    const page = await open();
    const received = round === 0 && (await countBytes(page));
    const { seen } = await visit(page, address, { seen: mark });
    if (round === 0) bytes = received.sent;
    else taken.push(seen);
    await page.context().close();
  }
  tell(what, `${times(taken)}, ${kilobytes(bytes)}`);
}

/** In the page: goes to the older ones, and gives the ms until the frame that shows them has been drawn. */
function older() {
  const first = () => document.querySelector(".listing tbody a")?.getAttribute("href");
  const rows = () => document.querySelectorAll(".listing tbody tr").length;
  const was = first();
  const begun = performance.now();
  Array.from(document.querySelectorAll(".listing-ways button")).at(-1).click();
  return new Promise((done) => {
    const look = () => {
      if (rows() === 0 || first() === was) return requestAnimationFrame(look);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now() - begun);
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
}
