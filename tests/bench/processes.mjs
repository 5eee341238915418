// What the kernel tells of a program: its cores, its time, its memory.
import { availableParallelism } from "node:os";
import { readFile, writeFile } from "node:fs/promises";
import { run } from "./programs.mjs";

const KILOBYTE = 1024;

/** The cores that we may use, in two halves of one size; both are the only one where there are no more. */
export function halves() {
  const all = Array.from({ length: availableParallelism() }, (_, core) => core);
  const middle = Math.ceil(all.length / 2);
  return [all.slice(0, middle), all.slice(-middle)];
}

/** A program and those that it has started. */
async function tree(pid) {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").filter(Boolean);
  return [pid, ...(await Promise.all(children.map(tree))).flat()];
}

/** The time of processors, in microseconds, that a program and its children have had. */
export async function spent(pid) {
  const [ticks] = await run("getconf", ["CLK_TCK"]);
  const times = (await tree(pid)).map(async (pid) => {
    const [user, system] = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1].split(" ").slice(11, 13);
    return Number(user) + Number(system);
  });
  return ((await Promise.all(times)).reduce((sum, time) => sum + time) * 1e6) / Number(ticks);
}

async function memory(pid, field) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)[1]) * KILOBYTE;
}

/** The bytes of a program that are in memory now. */
export const resident = (pid) => memory(pid, "VmRSS");

/** How many more of them there are at the most while something is done. */
export async function added(pid, act) {
  // The kernel notes the most from now on.
  await writeFile(`/proc/${pid}/clear_refs`, "5");
  const before = await resident(pid);
  await act();
  return Math.max(0, (await memory(pid, "VmHWM")) - before);
}
