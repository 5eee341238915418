// What is measured of long pages of a large cluster: ten thousand nodes and two thousand queues of YARN, five thousand nodes
// of CycleCloud; with its lines of the table.
import { countBytes, keystrokes, updates, visit } from "./browser.mjs";
import { frames, kilobytes, median, tell, times } from "./report.mjs";

const WATCHED = 65_000;
/** An update may cost two frames of what the page can do. */
const UPDATE = 33;
const KEYSTROKE = 16;

const ALL = { selector: ".page-head-fact.number", pattern: "^[\\d,]{6,} in all$" };
/** Of five thousand. */
const FIVE = { ...ALL, pattern: "^[\\d,]{5,} in all$" };
const FIRST = { selector: ".table-window [role=gridcell]", pattern: "" };
const TREE = { selector: ".tree-line", pattern: "root" };
const MAP = { selector: ".map figcaption", pattern: "[\\d,]{6,}" };

/** The pages, each with when it is drawn, where one types in it, and what then changes. */
const pages = [
  { name: "nodes", path: "yarn/nodes", marks: { first: FIRST, all: ALL }, words: "node-77", shown: ".page-head-fact.number, .table-window .col-name" },
  { name: "nodes as a map", path: "yarn/nodes?view=map", marks: { all: MAP } },
  { name: "queues", path: "yarn/queues", marks: { all: TREE }, words: "root.t", shown: ".tree-line", unfold: true },
  { name: "CycleCloud's nodes", path: "cyclecloud/clusters/genomics-large/nodes", marks: { all: FIVE }, words: "htc-77", shown: ".page-head-fact.number, .table-window .col-name" },
];

/** Each of the pages: a first visit, typing, and what an update is made of. */
export async function scale({ url, open }, rounds) {
  for (const { name, path, marks, words, shown, unfold } of pages) {
    const address = `${url}connections/${path}`;
    const taken = Object.fromEntries(Object.keys(marks).map((mark) => [mark, []]));
    for (let round = 0; round <= rounds; round++) {
      const page = await open();
      const seen = await visit(page, address, marks);
      // The first warms everybody up.
      if (round > 0) Object.keys(taken).forEach((mark) => taken[mark].push(seen[mark]));
      await page.context().close();
    }
    for (const [mark, times_] of Object.entries(taken)) {
      tell(`${name}: first visit, ${mark === "first" ? "the first of them" : "all"}`, times(times_));
    }
    const page = await open();
    await visit(page, address, { all: marks.all });
    if (unfold) await page.getByRole("button", { name: "Unfold all" }).click();
    if (words) {
      const keyed = await keystrokes(page, "#filter", shown, [...words, ...Array(words.length).fill("Backspace")]);
      const budget = { value: median(keyed), limit: KEYSTROKE, budget: `${KEYSTROKE} ms` };
      tell(`${name}: keystroke to the filtered frame`, frames(keyed), "", budget);
    }
    const received = await countBytes(page);
    const { count, cost, second, longest } = await updates(page, WATCHED);
    if (count === 0) {
      tell(`${name}: an update`, "nothing has changed");
      await page.context().close();
      continue;
    }
    tell(`${name}: bytes to a watcher an update (${count})`, kilobytes((received.messages + received.bodies) / count));
    const budget = { value: cost, limit: UPDATE, budget: `${UPDATE} ms` };
    tell(`${name}: an update, and the longest task`, `${cost.toFixed(1)} ms, ${longest.toFixed(0)} ms`, "", budget);
    tell(`${name}: a second without one`, `${second.toFixed(1)} ms`);
    await page.context().close();
  }
}
