// What is measured of a Savanna with a thousand clusters, with its lines of the table.
import { countBytes, keystrokes, updates, visit } from "./browser.mjs";
import { frames, kilobytes, median, tell, times } from "./report.mjs";

const KEYSTROKE = 16;
/** An update may cost two frames of what the page can do. */
const UPDATE = 33;
const AT_ONCE = 1000;
/** Longer than the clusters that are made larger take to be it. */
const WATCHED = 30_000;
const OPTIONS = 2000;
/** Well under a second. */
const OPENED = 700;

const ALL = { selector: ".page-head-fact.number", pattern: "^1,000 in all$" };
const FIRST = { selector: ".table-window [role=gridcell]", pattern: "" };
const SHOWN = ".page-head-fact.number, .table-window .col-name";
const typed = (words) => [...words, ...Array(words.length).fill("Backspace")];

/** Where the paths of the tenant begin at Howdah, and Savanna itself, whose doors say what was asked. */
async function savannas(url) {
  const connections = await (await fetch(`${url}api/connections`)).json();
  const { tenant, url: own } = connections.find(({ name }) => name === "savanna");
  return { paths: `${url}api/connections/savanna/v1.0/${tenant}`, own };
}

/** A thousand requests at once, of which none finds a token: nobody has asked for anything before. */
export async function tokens({ url }) {
  const { paths, own } = await savannas(url);
  const begun = performance.now();
  const replies = await Promise.all(Array.from({ length: AT_ONCE }, () => fetch(`${paths}/plugins`)));
  const taken = performance.now() - begun;
  for (const reply of replies) {
    await reply.arrayBuffer();
    if (reply.status !== 200) throw new Error(`a request was answered ${reply.status}`);
  }
  const fetched = (await (await fetch(`${own}/_sandbox/tokens`)).json()).given;
  tell(`${AT_ONCE.toLocaleString("en")} requests at once without a token`, `${taken.toFixed(0)} ms`);
  tell("... tokens that were fetched", `${fetched}`, "", { value: fetched, limit: 1, budget: "1" });
}

/** First visits, a keystroke, an update, and the options of a plugin. */
export async function savanna({ url, open }, rounds) {
  const { paths, own } = await savannas(url);
  const address = `${url}connections/savanna/clusters`;
  const taken = { first: [], all: [] };
  for (let round = 0; round <= rounds; round++) {
    const page = await open();
    const seen = await visit(page, address, { first: FIRST, all: ALL });
    // The first warms everybody up.
    if (round > 0) Object.keys(taken).forEach((mark) => taken[mark].push(seen[mark]));
    await page.context().close();
  }
  tell("clusters: first visit, the first of them", times(taken.first));
  tell("clusters: first visit, all", times(taken.all));
  const page = await open();
  await visit(page, address, { all: ALL });
  const keyed = await keystrokes(page, "#filter", SHOWN, typed("night-77"));
  const key = { value: median(keyed), limit: KEYSTROKE, budget: `${KEYSTROKE} ms` };
  tell("clusters: keystroke to the filtered frame", frames(keyed), "", key);
  const received = await countBytes(page);
  await larger(paths);
  const { count, cost, second, longest } = await updates(page, WATCHED);
  if (count === 0) throw new Error("no update came");
  tell(`clusters: bytes to a watcher an update (${count})`, kilobytes((received.messages + received.bodies) / count));
  const update = { value: cost, limit: UPDATE, budget: `${UPDATE} ms` };
  tell("clusters: an update, and the longest task", `${cost.toFixed(1)} ms, ${longest.toFixed(0)} ms`, "", update);
  tell("clusters: a second without one", `${second.toFixed(1)} ms`);
  await page.context().close();
  await options({ url, own, open }, rounds);
}

/** Has ten clusters get a node more. */
async function larger(paths) {
  const { clusters } = await (await fetch(`${paths}/clusters`)).json();
  for (const { id } of clusters.slice(1, 11)) {
    const reply = await fetch(`${paths}/clusters/${id}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ resize_node_groups: [{ name: "worker", count: 10 }] }),
    });
    if (reply.status !== 202) throw new Error(`a scaling was answered ${reply.status}: ${await reply.text()}`);
  }
}

/** A plugin with two thousand options, which services of today have. */
async function options({ url, own, open }, rounds) {
  const behaves = (dialect) => fetch(`${own}/_sandbox/behaviour`, { method: "PUT", body: JSON.stringify({ dialect }) });
  await behaves("today");
  const address = `${url}connections/savanna/plugins/vanilla/2.7.5`;
  const marks = { first: FIRST };
  const taken = [];
  for (let round = 0; round <= rounds; round++) {
    const page = await open();
    const { first } = await visit(page, address, marks);
    if (round > 0) taken.push(first);
    await page.context().close();
  }
  const budget = { value: median(taken), limit: OPENED, budget: `${OPENED} ms` };
  tell(`a plugin with ${OPTIONS.toLocaleString("en")} options: first visit`, times(taken), "", budget);
  const page = await open();
  await visit(page, address, marks);
  const keyed = await keystrokes(page, "#filter", ".table-window .col-name", typed("option.77"));
  const key = { value: median(keyed), limit: KEYSTROKE, budget: `${KEYSTROKE} ms` };
  tell("... keystroke to the filtered frame", frames(keyed), "", key);
  await page.context().close();
  await behaves("reference");
}
