// What is measured of Howdah and of the ResourceManager's own page, each with its line of the table.
import { countBytes, keystrokes, noteRows, visit } from "./browser.mjs";
import { factor, frames, kilobytes, median, percent, tell, times } from "./report.mjs";

const WORDS = "report for sales";
/** High enough that all rows of a turn are drawn: those that are submitted, and those that are killed below them. */
const HIGH = { viewport: { width: 1280, height: 4000 } };
/** No budget. */
const none = () => ({});

const ALL = { selector: ".page-head-fact.number", pattern: " in all$" };
const LOADED = { ...ALL, pattern: " in all$|^[\\d,]+ of " };
const ACTIVE = { selector: ".table-window [role=gridcell]", pattern: "" };
const THEIRS = { selector: "#apps_info", pattern: "^Showing 1 to 20 of [\\d,]+ entries" };

const COLUMNS =
  "id,name,state,final,user,queue,type,tags,priority,progress,started,launched,finished,elapsed,memory,cores,containers," +
  "reserved_memory,reserved_cores,queue_part,cluster_part,label,tracking";
/** The list of applications with all of its columns; more may follow. */
export const list = (connection) => `${connection}/applications?cols=${COLUMNS}`;

/** Once the console has come in the place of the picture with which a page may begin. */
const arrived = (page) => page.locator("html[data-howdah=ready]").waitFor();

/** Makes sure that the page offers no column that is not shown. */
export async function wide({ list, open }) {
  const looker = await open();
  await visit(looker, list, { active: ACTIVE });
  await looker.getByRole("button", { name: "Columns" }).click();
  const boxes = looker.locator("#menu-columns input[type=checkbox]");
  await boxes.first().waitFor();
  const [all, shown] = [await boxes.count(), await looker.locator("#menu-columns input:checked").count()];
  await looker.context().close();
  if (all === 0 || shown !== all) throw new Error(`${shown} of ${all} columns are shown`);
}

const page = (them) => `${them.own}/cluster/apps`;

/**
 * How long first visits take, in turns; the first turn warms everybody up. Gives the bytes that a reload of the
 * ResourceManager's own page takes.
 */
export async function visits(them, rounds, budget = none) {
  const taken = { theirs: [], active: [], all: [], second: [] };
  const bytes = {};
  for (let round = 0; round <= rounds; round++) {
    const theirs = await them.open();
    const sent = { theirs: round === 0 && (await countBytes(theirs)) };
    const seen = { theirs: (await visit(theirs, page(them), { all: THEIRS })).all };
    if (round === 0) {
      bytes.theirs = sent.theirs.sent;
      const reload = await countBytes(theirs);
      await visit(theirs, page(them), { all: THEIRS });
      bytes.reload = reload.bodies;
    }
    await theirs.context().close();
    // A proxy that has just begun knows nothing of the list.
    await them.restart();
    const first = await them.open();
    sent.ours = round === 0 && (await countBytes(first));
    Object.assign(seen, await visit(first, them.list, { active: ACTIVE, all: ALL }));
    if (round === 0) bytes.ours = sent.ours.sent;
    const second = await them.open();
    seen.second = (await visit(second, them.list, { all: ALL })).all;
    await first.context().close();
    await second.context().close();
    if (round > 0) Object.keys(taken).forEach((name) => taken[name].push(seen[name]));
  }
  for (const [name, what, limit] of [
    ["active", "first visit: active ones on the screen", 0.5],
    ["all", "first visit: all", 1],
    ["second", "second visitor: all", 0.2],
  ]) {
    const value = median(taken[name]) / median(taken.theirs);
    const allowed = budget({ value, limit, budget: `${limit} x` });
    tell(what, `${times(taken[name])}, ${factor(value)}`, times(taken.theirs), allowed);
  }
  tell("first visit: bytes, as sent", kilobytes(bytes.ours), kilobytes(bytes.theirs));
  return bytes.reload;
}

/** How long it takes from a key in the filter to the rows that fit: words are typed and taken out again. */
export async function typing({ list, own, open }, limit) {
  const keys = [...WORDS, ...Array(WORDS.length).fill("Backspace")];
  const typed = async (address, mark, field, shown, usable) => {
    const page = await open();
    await visit(page, address, { all: mark });
    await usable?.(page);
    const taken = await keystrokes(page, field, shown, keys);
    await page.context().close();
    return taken;
  };
  const theirs = own && (await typed(page({ own }), THEIRS, "#apps_filter input", "#apps_info, #apps td:first-child"));
  const ours = await typed(list, ALL, "#filter", ".page-head-fact.number, .table-window .col-id", arrived);
  const allowed = limit && { value: median(ours), limit, budget: `${limit} ms` };
  tell("keystroke to the filtered frame", frames(ours), theirs && frames(theirs), allowed);
}

const isList = ({ path }) => path.startsWith("/ws/v1/cluster/apps?");
const isFull = (asked) => isList(asked) && !asked.query.has("states") && !asked.query.has("finishedTimeBegin");

/** What fill.py does, to a list that shows the newest first. `fill` runs it; it prints what it has done and when. */
export const churn = (fill) => ({
  query: "",
  async late(watcher, shown) {
    const lines = (await fill()).map((line) => line.split(" "));
    const key = (what, id) => `${id.replace("application_", "")} ${what === "killed" ? "Killed" : "Accepted"}`;
    const last = lines.findLast(([, what]) => what === "submitted");
    await watcher.waitForFunction((key) => key in globalThis.benchRows, key("submitted", last[2]), { timeout: 60_000 });
    const rows = await shown();
    const late = { submitted: [], killed: [] };
    for (const [at, what, id] of lines) {
      const seen = rows[key(what, id)];
      if (seen !== undefined) late[what].push(seen - Number(at));
    }
    return late;
  },
});

/**
 * The applications that succeed by themselves. All of the load simulator's began together, so the longest ended last.
 */
export const ends = (own, duration) => ({
  query: "&state=SUCCEEDED&sort=-elapsed",
  async late(_, shown) {
    const begun = Date.now();
    await new Promise((over) => setTimeout(over, duration));
    const rows = await shown();
    const ended = await fetch(`${own}/ws/v1/cluster/apps?finishedTimeBegin=${begun}&deSelects=resourceRequests`);
    const late = [];
    for (const { id, finishedTime } of (await ended.json()).apps?.app ?? []) {
      const seen = rows[`${id.replace("application_", "")} Succeeded`];
      if (seen !== undefined) late.push(seen - finishedTime);
    }
    return { succeeded: late };
  },
});

/**
 * What a watcher receives and the service is asked for while `changes` go on, by the interval and as a share of the
 * full list; and how late the changes are seen.
 */
export async function traffic(them, reload, changes, budget = none) {
  await them.restart(true);
  const watcher = await them.open(HIGH);
  await visit(watcher, them.list + changes.query, { all: LOADED });
  await arrived(watcher);
  const received = await countBytes(watcher);
  const before = them.passed.length;
  const lateness = await changes.late(watcher, await noteRows(watcher));
  const passed = them.passed.slice(before);
  await watcher.context().close();

  const polls = passed.filter((asked) => isList(asked) && asked.query.has("states")).length;
  if (polls === 0) throw new Error("the proxy has not asked while the list changed");
  const full = them.passed.findLast(isFull)?.bytes();
  if (!full) throw new Error("the proxy has never asked for the whole list");
  const loads = passed.filter(isFull).length;
  const asked = passed.filter((one) => !isFull(one)).reduce((sum, one) => sum + one.bytes(), 0) / polls;
  const watched = (received.messages + received.bodies) / polls;
  const share = (bytes) => `${kilobytes(bytes)}, ${percent(bytes / full)}`;
  tell("the full list, uncompressed", kilobytes(full));
  const within = (bytes, limit) => budget({ value: bytes / full, limit, budget: `${100 * limit} %` });
  tell("bytes to a watcher an interval", share(watched), `${kilobytes(reload)} a reload`, within(watched, 0.02));
  const besides = loads > 0 ? `, and ${loads} full` : "";
  tell(`bytes asked of the service a poll (${polls})`, share(asked) + besides, "", within(asked, 0.06));
  for (const [what, late] of Object.entries(lateness)) {
    if (late.length === 0) throw new Error(`no row was seen that was ${what}`);
    tell(`${what} to seen (${late.length} rows)`, times(late), "at a reload");
  }
}
