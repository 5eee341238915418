// Measures watching on a real ResourceManager, beside the ResourceManager's own page, and prints a table. Run by
// `cargo verify bench`, which says in the environment what with: HOWDAH_CHROMIUM, HOWDAH_PROGRAM, HOWDAH_CONSOLE.
// HOWDAH_BENCH=long is the long form. It fails only where it cannot measure.
import { chromium } from "@playwright/test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { countBytes, keystrokes, noteRows, visit } from "./browser.mjs";
import { forwarder, freePorts, peer, run, start } from "./programs.mjs";

const { HOWDAH_CHROMIUM: executablePath, HOWDAH_PROGRAM: howdah, HOWDAH_CONSOLE: files } = process.env;
const TOKEN = "a-token-for-the-bench";
const ACTIVE = 300;
const CHURN = 50;
const LIST = "connections/rm/applications";
const WORDS = "report for sales";
/** High enough that all rows of a turn are drawn: those that are submitted, and those that are killed below them. */
const HIGH = { width: 1280, height: 4000 };

const rows = [];
const step = (what) => console.error(`[${Math.round(performance.now() / 1000)} s] ${what}`);
const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(values.length / 2)];
const worst = (values) => Math.max(...values);
const ms = (value) => `${Math.round(value)} ms`;
const keys = (value) => `${value.toFixed(1)} ms`;
const percent = (share) => `${(100 * share).toFixed(2)} %`;
const kilobytes = (bytes) => `${Math.round(bytes / 1000).toLocaleString("en")} kB`;

/** A line of the table. `limit` is the most that the budget allows of `value`; only some sizes have budgets. */
function tell(what, told, { value, limit, budget } = {}) {
  rows.push([what, told, budget ?? "", limit === undefined ? "" : value <= limit ? "within" : "OVER"]);
}

const folder = await mkdtemp(join(tmpdir(), "howdah-bench-"));
const browser = await chromium.launch({ executablePath });
const options = { locale: "en-GB", viewport: { width: 1280, height: 800 } };

/** Everything on one ResourceManager with so many applications. */
async function watching({ applications, rounds, turns, budgets = false }) {
  step(`a ResourceManager with ${applications} applications`);
  const port = await freePorts(6);
  const state = join(folder, `${applications}`);
  const environment = { STATE: state, PORT: `${port}`, RPC: `${port + 1}`, NODE: "false", HEAP: "2g", JVM: "" };
  const manager = await start(peer("yarn/up.sh"), ["3.4"], /^UP/, environment);
  const own = `http://127.0.0.1:${port}`;
  const between = await forwarder(port);
  const configuration = join(folder, `${applications}.toml`);
  const listen = `127.0.0.1:${port + 5}`;
  await writeFile(configuration, configure(listen, between.url));
  const serve = () => start(howdah, ["serve", "--config", configuration], /^Howdah is at /, { HOWDAH_BENCH_TOKEN: TOKEN });
  const budget = (ours, limit, text) => (budgets ? { value: ours, limit, budget: text } : {});
  const label = (what) => `${applications.toLocaleString("en")}: ${what}`;
  try {
    await run("python3", [peer("yarn/fill.py"), own, "fill", `${applications}`, `${ACTIVE}`]);
    let proxy = await serve();
    const url = `http://${listen}/`;
    const signedIn = await signIn(url);
    const open = async (more) => (await browser.newContext({ ...options, ...more })).newPage();

    step("visits");
    const times = { own: [], active: [], all: [], second: [] };
    const info = { all: { selector: "#apps_info", pattern: "^Showing 1 to 20 of [\\d,]+ entries" } };
    const active = { selector: ".table-window [role=gridcell]", pattern: "" };
    const all = { selector: ".page-head-fact.number", pattern: " in all$" };
    for (let round = 0; round <= rounds; round++) {
      const theirs = await open();
      const seen = { own: (await visit(theirs, `${own}/cluster/apps`, info)).all };
      await theirs.context().close();
      // A proxy that has just begun knows nothing of the list.
      await proxy.stop();
      proxy = await serve();
      const first = await open({ storageState: signedIn });
      Object.assign(seen, await visit(first, url + LIST, { active, all }));
      const second = await open({ storageState: signedIn });
      seen.second = (await visit(second, url + LIST, { all })).all;
      await first.context().close();
      await second.context().close();
      // The first round warms everybody up.
      if (round > 0) Object.keys(times).forEach((name) => times[name].push(seen[name]));
    }
    const theirs = median(times.own);
    tell(label("ResourceManager's own page"), `${ms(theirs)} (${ms(worst(times.own))})`);
    for (const [name, what, limit] of [
      ["active", "active ones on the screen", 0.5],
      ["all", "all on the screen", 1],
      ["second", "all, for a second visitor", 0.2],
    ]) {
      const share = median(times[name]) / theirs;
      const told = `${ms(median(times[name]))} (${ms(worst(times[name]))}), ${share.toFixed(2)} x`;
      tell(label(what), told, budget(share, limit, `${limit} x`));
    }

    step("keystrokes");
    const page = await open({ storageState: signedIn });
    await visit(page, url + LIST, { all });
    await typing(page, label("keystroke to the next frame"), budgets ? 16 : undefined);
    await page.context().close();

    step("churn");
    const watcher = await open({ storageState: signedIn, viewport: HIGH });
    await visit(watcher, url + LIST, { all });
    const received = await countBytes(watcher);
    const shown = await noteRows(watcher);
    const before = between.passed.length;
    const changes = await run("python3", [peer("yarn/fill.py"), own, "churn", `${CHURN}`, `${turns}`]);
    const last = changes.findLast((line) => line.includes("submitted"))?.split(" ")[2];
    const name = `${last?.replace("application_", "")} Accepted`;
    await watcher.waitForFunction((name) => name in globalThis.benchRows, name, { timeout: 60_000 });
    traffic(between.passed.slice(before), received, { label, budget, full: fullList(between.passed) });
    lateness(changes, await shown(), label);
    await watcher.context().close();
    await proxy.stop();
  } finally {
    between.stop();
    await manager.stop();
  }
}

/** Types words into the filter and takes them out again. */
async function typing(page, what, limit) {
  const taken = await keystrokes(page, "#filter", [...WORDS, ...Array(WORDS.length).fill("Backspace")]);
  const told = `${keys(median(taken))} (${keys(worst(taken))})`;
  tell(what, told, limit && { value: median(taken), limit, budget: `${limit} ms` });
}

/** The keystrokes in a list of 100,000, of a simulated ResourceManager. */
async function hundredThousand() {
  step("a simulated ResourceManager with 100,000 applications");
  const args = ["sandbox", "--console", files, "--listen", "127.0.0.1:0", "--applications", "100000", "--pace", "1"];
  const sandbox = await start(howdah, args, /^Howdah is at /);
  try {
    const page = await (await browser.newContext(options)).newPage();
    const address = `${sandbox.line.replace("Howdah is at ", "")}connections/yarn/applications`;
    await visit(page, address, { all: { selector: ".page-head-fact.number", pattern: " in all$" } });
    await typing(page, "100,000: keystroke to the next frame", 50);
    await page.context().close();
  } finally {
    await sandbox.stop();
  }
}

/** Signs a person in; gives the cookie. */
async function signIn(url) {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(url);
  await page.getByLabel("Token").fill(TOKEN);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Fleet" }).waitFor();
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

const isList = ({ path }) => path.startsWith("/ws/v1/cluster/apps?");
const isFull = (asked) => isList(asked) && !asked.query.has("states") && !asked.query.has("finishedTimeBegin");

/** The bytes of the newest full list. */
function fullList(passed) {
  const full = passed.findLast(isFull);
  if (!full) throw new Error("the proxy has never asked for the whole list");
  return full.bytes();
}

/** What a watcher received and what the service was asked for, by the interval and as a share of the full list. */
function traffic(passed, received, { label, budget, full }) {
  const polls = passed.filter((asked) => isList(asked) && asked.query.has("states")).length;
  if (polls === 0) throw new Error("the proxy has not asked while the list changed");
  const loads = passed.filter(isFull);
  const asked = passed.filter((one) => !isFull(one)).reduce((sum, one) => sum + one.bytes(), 0) / polls;
  const watched = (received.messages + received.bodies) / polls;
  tell(label("the full list, uncompressed"), kilobytes(full));
  tell(label("bytes to a watcher an interval"), `${kilobytes(watched)}, ${percent(watched / full)}`, budget(watched / full, 0.02, "2 %"));
  const besides = loads.length > 0 ? `, and ${loads.length} full loads` : "";
  tell(label(`bytes of the service a poll (${polls})`), `${kilobytes(asked)}, ${percent(asked / full)}${besides}`, budget(asked / full, 0.06, "6 %"));
}

/** How long it took from the beginning of a change to where it was seen. */
function lateness(changes, shown, label) {
  const late = { submitted: [], killed: [] };
  for (const [at, what, id] of changes.map((line) => line.split(" "))) {
    const seen = shown[`${id.replace("application_", "")} ${what === "killed" ? "Killed" : "Accepted"}`];
    if (seen !== undefined) late[what].push(seen - Number(at));
  }
  for (const [what, times] of Object.entries(late)) {
    if (times.length === 0) throw new Error(`no row was seen that was ${what}`);
    tell(label(`${what} to seen (${times.length} rows)`), `${ms(median(times))} (${ms(worst(times))})`);
  }
}

function configure(listen, service) {
  return `version = 1
listen = "${listen}"
console = ${JSON.stringify(files)}

[journal]
path = "journal-${listen.split(":")[1]}.db"

[[tokens]]
principal = "bench"
token = { env = "HOWDAH_BENCH_TOKEN" }
roles = { "*" = "view" }

[connections.rm]
system = "yarn"
url = "${service}"
credentials = { kind = "user-name", user = "admin" }
`;
}

function print() {
  const head = ["", "median (worst)", "budget", ""];
  const table = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...table.map((row) => row[at].length)));
  console.log(`\n${table.map((row) => row.map((cell, at) => cell.padEnd(widths[at])).join("  ").trimEnd()).join("\n")}`);
  const load = loadavg().map((value) => value.toFixed(1)).join(" ");
  console.log(`\nOn ${cpus().length} cores; load averages at the end ${load}.`);
}

try {
  if (process.env.HOWDAH_BENCH === "long") {
    await watching({ applications: 1_000, rounds: 5, turns: 6 });
    await watching({ applications: 10_000, rounds: 7, turns: 24, budgets: true });
    await hundredThousand();
  } else {
    await watching({ applications: 1_000, rounds: 3, turns: 3 });
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
print();
