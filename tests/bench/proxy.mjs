// Measures the proxy beside nginx: both before one service, in turns, on cores that neither load nor service uses.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LARGE, SMALL, peer, service } from "./nginx.mjs";
import { added, halves, resident, spent } from "./processes.mjs";
import { freePorts, run, start } from "./programs.mjs";
import { factor, median, megabytes, milliseconds, part, tell, times } from "./report.mjs";

const { HOWDAH_PROGRAM: howdah, HOWDAH_CONSOLE: files } = process.env;
const TOKEN = "a-token-for-the-bench";
/** What Howdah must take out of every reply. */
const SECRET = "a-secret-access-key-of-the-bench-0123456789";
const LIST_BYTES = 10_000_000;
const STARTS = 5;
/** So many ask for something small at once; something large is asked for by one. */
const CALLERS = 32;
const WRK = new URL("wrk.lua", import.meta.url).pathname;

/** In so many rounds, in each of which each side is called for so many seconds with each kind of read. */
export async function proxy(folder, rounds, seconds) {
  const [load, own] = halves();
  const port = await freePorts(3);
  const upstream = await service(folder, load, port, LIST_BYTES, SECRET);
  const nginx = await peer(folder, own, port + 1, port, SECRET);
  const ours = await prepare(join(folder, "howdah"), own, port + 2, port);
  try {
    part(`a proxy on ${own.length} of the cores, load and service on ${load.length}`, "nginx");
    await starts(ours);
    await redacts(ours);
    await streamed(ours, load);
    await turns(ours, { address: `http://127.0.0.1:${port + 1}`, pid: nginx.pid }, { load, rounds, seconds });
    tell("resident after that", megabytes(await resident(ours.program.pid)));
  } finally {
    await ours.program?.stop();
    await nginx.stop();
    await upstream.stop();
  }
}

/** Howdah before the service: how it is started, and where it has what the service has. */
async function prepare(folder, cores, port, service) {
  await mkdir(folder);
  const address = `http://127.0.0.1:${port}`;
  const ours = { folder, cores, root: address, address: `${address}/api/connections/rm`, program: undefined };
  ours.configure = (lines) =>
    writeFile(
      join(folder, "howdah.toml"),
      `version = 1
listen = "127.0.0.1:${port}"
console = ${JSON.stringify(files)}

[journal]
path = "journal.db"

[limits]
calls_per_second = 1000000

[[tokens]]
principal = "bench"
token = { env = "HOWDAH_BENCH_TOKEN" }
roles = { "*" = "view" }

[connections.rm]
url = "http://127.0.0.1:${service}"
${lines}
`,
    );
  return ours;
}

/** How long a start takes, and what it takes of memory. The last one stays. */
async function starts(ours) {
  const { folder, cores } = ours;
  const taken = [];
  // What a service logs goes to a file, as nginx's lines do; the time is noted at the last moment before.
  const script = 'echo "$EPOCHREALTIME" > begun; exec "$@" 2> log';
  const serve = [howdah, "serve", "--config", join(folder, "howdah.toml")];
  const secrets = { HOWDAH_BENCH_TOKEN: TOKEN, HOWDAH_BENCH_SECRET: SECRET };
  await ours.configure(`system = "hadoop-eco-v2"
credentials = { kind = "hadoop-eco", id = { env = "HOWDAH_BENCH_TOKEN" }, secret = { env = "HOWDAH_BENCH_SECRET" } }`);
  for (let round = 0; round < STARTS; round++) {
    await ours.program?.stop();
    const bash = ["-c", `cd "$0"; ${script}`, folder, ...serve];
    ours.program = await start("taskset", ["-c", cores.join(), "bash", ...bash], /^Howdah is at /, secrets);
    const { status } = await fetch(`${ours.root}/readyz`);
    if (status !== 200) throw new Error(`a Howdah that has begun says ${status}`);
    const begun = 1000 * Number(await readFile(join(folder, "begun"), "utf8"));
    taken.push(performance.timeOrigin + performance.now() - begun);
  }
  tell("from the start to the first reply", times(taken), "", { value: median(taken), limit: 100, budget: "100 ms" });
  const idle = await resident(ours.program.pid);
  tell("resident when idle", megabytes(idle), "", { value: idle, limit: 25e6, budget: "25 MB" });
}

/**
 * Has Howdah look for secrets in the replies of a ResourceManager, which is given none of them: those of the service
 * that stood in its place in the configuration before may still turn up.
 */
async function redacts(ours) {
  await ours.configure('system = "yarn"\ncredentials = { kind = "user-name", user = "admin" }');
  process.kill(ours.program.pid, "SIGHUP");
  for (const late = performance.now() + 10_000; (await read(ours, LARGE)).status !== 200; ) {
    if (performance.now() > late) throw new Error("the configuration is not read again");
  }
  const told = await (await read(ours, LARGE)).text();
  if (told.includes(SECRET) || !told.includes("***") || Buffer.byteLength(told) < LIST_BYTES) {
    throw new Error("the list is not redacted");
  }
}

const read = ({ address }, path) => fetch(address + path, { headers: { Authorization: `Bearer ${TOKEN}` } });

/** What one list after the other takes of memory at the most. */
async function streamed(ours, load) {
  const most = await added(ours.program.pid, () => wrk(ours.address + LARGE, { cores: load, callers: 1, seconds: 2 }));
  tell("memory added while a list is streamed", megabytes(most), "", { value: most, limit: 1e6, budget: "1 MB" });
}

/** Small reads and large ones, of both sides in turns. */
async function turns(ours, theirs, { load, rounds, seconds }) {
  const seen = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, side] of Object.entries({ theirs, ours })) {
      const pid = side === ours ? ours.program.pid : theirs.pid;
      const before = await spent(pid);
      const small = await wrk(side.address + SMALL, { cores: load, callers: CALLERS, seconds });
      const cost = ((await spent(pid)) - before) / small.requests;
      const large = await wrk(side.address + LARGE, { cores: load, callers: 1, seconds });
      seen[name].push({
        rate: small.requests / small.duration,
        median: small.p50,
        p99: small.p99,
        cost,
        throughput: large.bytes / large.duration,
      });
    }
  }
  const of = (name, what) => median(seen[name].map((round) => round[what]));
  const line = (what, key, write, budget) => {
    const [our, their] = [of("ours", key), of("theirs", key)];
    tell(what, `${write(our)}, ${factor(our / their)}`, write(their), budget?.(our / their));
  };
  const atLeast = (limit) => (share) => ({ value: -share, limit: -limit, budget: `at least ${limit} x` });
  const atMost = (limit) => (share) => ({ value: share, limit, budget: `${limit} x` });
  line("small reads a second", "rate", (perMicro) => Math.round(1e6 * perMicro).toLocaleString("en"), atLeast(0.8));
  line("a small read: median", "median", milliseconds);
  line("a small read: 99 of 100 within", "p99", milliseconds, atMost(1.5));
  line("a small read: time of processors", "cost", (micros) => `${micros.toFixed(0)} µs`);
  line("lists of 10 MB", "throughput", (rate) => `${rate.toFixed(0)} MB/s`, atLeast(0.8));
}

/** Calls an address for so many seconds; gives what was seen, times in microseconds. */
async function wrk(address, { cores, callers, seconds }) {
  const threads = Math.min(cores.length, callers);
  const lines = await run("taskset", [
    ...["-c", cores.join(), "wrk", "-s", WRK, "-H", `Authorization: Bearer ${TOKEN}`],
    ...["-t", `${threads}`, "-c", `${callers}`, "-d", `${seconds}s`, "--timeout", "30s", address],
  ]);
  const seen = JSON.parse(lines.at(-1));
  if (seen.errors > 0 || seen.requests === 0) throw new Error(`${address} was not answered: ${lines.join("\n")}`);
  return seen;
}
