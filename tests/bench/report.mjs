// The table of what was measured: ours, the peer's, the budget, and whether it is kept.
import { cpus, loadavg } from "node:os";

const HEAD = ["", "Howdah", "peer", "budget", ""];
const lines = [];

const sorted = (values) => [...values].sort((a, b) => a - b);
export const median = (values) => sorted(values)[Math.floor(values.length / 2)];
const spread = (values, digits) => `${median(values).toFixed(digits)} (${Math.max(...values).toFixed(digits)}) ms`;
/** Times in ms: the median, and the worst. */
export const times = (values) => spread(values, 0);
/** Those of frames. */
export const frames = (values) => spread(values, 1);
/** A short time that was told in microseconds. */
export const milliseconds = (micros) => `${(micros / 1000).toFixed(2)} ms`;
export const percent = (share) => `${(100 * share).toFixed(2)} %`;
export const factor = (share) => `${share.toFixed(2)} x`;
export const kilobytes = (bytes) => `${(bytes / 1000).toLocaleString("en", { maximumFractionDigits: 1 })} kB`;
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const loads = () => loadavg().map((value) => value.toFixed(1)).join(" ");

/** Begins a part of the table; `peer` is whom we are measured beside. */
export function part(title, peer) {
  lines.push(undefined, [`${title}${peer ? `, beside ${peer}` : ""} (load averages ${loads()})`]);
}

/** A line: what, of us, of the peer. `value` is what the budget allows `limit` of, in words `budget`. */
export function tell(what, ours, theirs = "", { value, limit, budget } = {}) {
  lines.push([what, ours, theirs, budget ?? "", limit === undefined ? "" : value <= limit ? "within" : "OVER"]);
}

/** Prints it. */
export function print() {
  const cells = [HEAD, ...lines].filter((line) => line?.length > 1);
  const widths = HEAD.map((_, at) => Math.max(...cells.map((line) => line[at].length)));
  const text = (line = []) => line.map((cell, at) => cell.padEnd(widths[at])).join("  ").trimEnd();
  console.log(`\n${[HEAD, ...lines].map(text).join("\n")}`);
  console.log(`\nTimes are medians, with the worst in brackets. On ${cpus().length} cores; load averages at the end ${loads()}.`);
}
