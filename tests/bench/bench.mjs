// Measures the proxy beside nginx, watching on a real ResourceManager beside its own page, and a long journal; prints a
// table. Run by `cargo verify bench`, which says in the environment what with: HOWDAH_CHROMIUM, HOWDAH_PROGRAM,
// HOWDAH_CONSOLE, HOWDAH_CONSOLE_LINKED. HOWDAH_BENCH=long is the long form. It fails only where it cannot measure.
import { chromium } from "@playwright/test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ARGUMENTS } from "../e2e/chromium.mjs";
import { beside, sandbox } from "./beside.mjs";
import { crates } from "./crates.mjs";
import { fill, history } from "./history.mjs";
import { churn, ends, list, traffic, typing, visits, wide } from "./measures.mjs";
import { peer, run } from "./programs.mjs";
import { proxy } from "./proxy.mjs";
import { part, print } from "./report.mjs";
import { savanna, tokens } from "./savanna.mjs";
import { scale } from "./scale.mjs";

const PEER = "the ResourceManager's own page";
const ACTIVE = 300;
const CHURN = 50;
/** Of the load simulator: it begins with all of them waiting, and is measured when so few do. */
const SIMULATED = 10_000;
const CLUSTERS = 100;
const NODES = 200;
const WAITING = 4_000;
const WATCHED = 120_000;

const step = (what) => console.error(`[${Math.round(performance.now() / 1000)} s] ${what}`);
const long = process.env.HOWDAH_BENCH === "long";
const folder = await mkdtemp(join(tmpdir(), "howdah-bench-"));
const browser = await chromium.launch({ executablePath: process.env.HOWDAH_CHROMIUM, args: ARGUMENTS });

/** A list in which nothing changes but what fill.py changes. */
async function filled({ applications, rounds, turns, budgets = false }) {
  const name = `${applications.toLocaleString("en")} applications, ${ACTIVE} of them active`;
  step(`a ResourceManager: ${name}`);
  await beside(browser, folder, `${applications}`, { NODE: "false" }, async (them) => {
    const fill = (...args) => run("python3", [peer("yarn/fill.py"), them.own, ...args.map(String)]);
    await fill("fill", applications, ACTIVE);
    part(name, PEER);
    const budget = (more) => (budgets ? more : {});
    await wide(them);
    step("visits");
    const reload = await visits(them, rounds, budget);
    step("keystrokes");
    await typing(them, budgets ? 16 : undefined);
    step("churn");
    await traffic(them, reload, churn(() => fill("churn", CHURN, turns)), budget);
  });
}

/** A ResourceManager at work. */
async function simulated() {
  const name = `${SIMULATED.toLocaleString("en")} applications of Hadoop's load simulator, on ${NODES} nodes`;
  step(name);
  await beside(browser, folder, "simulated", { SLS: `${SIMULATED} ${NODES}` }, async (them) => {
    step(`... until at most ${WAITING} wait`);
    await settled(them.own);
    part(name, PEER);
    step("visits");
    const reload = await visits(them, 5);
    step("changes");
    await traffic(them, reload, ends(them.own, WATCHED));
  });
}

/** Waits until most of the simulated applications have been started. */
async function settled(own) {
  for (let told = 0; ; ) {
    const { clusterMetrics: counts } = await (await fetch(`${own}/ws/v1/cluster/metrics`)).json();
    if (counts.appsSubmitted === SIMULATED && counts.appsPending <= WAITING) return;
    if (performance.now() - told > 30_000) {
      step(`... ${counts.appsPending} wait, ${counts.appsRunning} run, ${counts.appsCompleted} have ended`);
      told = performance.now();
    }
    await new Promise((later) => setTimeout(later, 1_000));
  }
}

async function hundredThousand() {
  const name = "100,000 applications of the sandbox";
  step(name);
  await sandbox(browser, ["--applications", "100000", "--pace", "1"], async ({ url, open }) => {
    part(name);
    await typing({ list: list(`${url}connections/yarn`), open }, 50);
  });
}

/** The pages of a large cluster. */
async function large(rounds) {
  const name = "10,000 nodes, 2,000 queues and 5,000 nodes of CycleCloud, of the sandbox";
  step(name);
  await sandbox(browser, ["--scale"], async (them) => {
    part(name);
    await scale(them, rounds);
  });
}

/** Many clusters of a Savanna. */
async function manyClusters(rounds) {
  const name = "1,000 Savanna clusters of 10 nodes each, of the sandbox";
  step(name);
  await sandbox(browser, ["--scale", "--pace", "20"], async (them) => {
    part(name);
    await tokens(them);
    await savanna(them, rounds);
  });
}

/** Many runs of many clusters, each asked for and followed to its end as any other. */
async function manyRequests(requests, rounds) {
  const name = `${requests.toLocaleString("en")} requests for ${CLUSTERS} clusters of the sandbox`;
  step(name);
  await sandbox(browser, ["--clusters", `${CLUSTERS}`, "--pace", "20000"], async (them) => {
    await fill(them.url, requests, step);
    part(name);
    await history(them, rounds);
  });
}

try {
  await crates(process.env.HOWDAH_CONSOLE_LINKED);
  step("a proxy");
  await proxy(folder, long ? 5 : 3, long ? 5 : 2);
  if (long) {
    await filled({ applications: 1_000, rounds: 5, turns: 6 });
    await filled({ applications: 10_000, rounds: 7, turns: 24, budgets: true });
    await simulated();
    await hundredThousand();
    await large(7);
    await manyClusters(7);
    await manyRequests(10_000, 7);
  } else {
    await filled({ applications: 1_000, rounds: 3, turns: 3 });
    await large(3);
    await manyClusters(3);
    await manyRequests(1_000, 3);
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
print();
