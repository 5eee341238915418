// What a measurement runs beside the browser: programs that end with it, and a forwarder that counts what passes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request as ask, Agent } from "node:http";
import { createServer as listen } from "node:net";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";

const PEERS = new URL("../peers/", import.meta.url).pathname;

/** A file below tests/peers. */
export const peer = (name) => PEERS + name;

/** Starts a program and waits for a line that `up` fits; hold.sh ends it with this process. */
export async function start(program, args, up, environment = {}) {
  const env = { ...process.env, ...environment };
  const child = spawn(peer("hold.sh"), [program, ...args], { stdio: "pipe", env });
  let output = "";
  const line = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (text) => {
        output = `${output}${text}\n`.slice(-4000);
        if (up.test(text)) resolve(text);
      });
    }
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}:\n${output}`)));
    child.once("error", reject);
  });
  // hold.sh runs it as its first child.
  const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.stdin.end();
    await once(child, "close");
  };
  return { line, pid: Number(children.split(" ")[0]), stop };
}

/** Runs a program to its end; gives the lines of its standard output. */
export async function run(program, args) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}`);
  return lines;
}

/** The first of so many ports in a row that are free now. */
export async function freePorts(count) {
  for (let first = 20_000 + (process.pid % 1000) * 10; first < 31_000; first += 10) {
    const servers = Array.from({ length: count }, (_, at) => listen().listen(first + at, "127.0.0.1"));
    const bound = await Promise.allSettled(servers.map((server) => once(server, "listening")));
    await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
    if (bound.every(({ status }) => status === "fulfilled")) return first;
  }
  throw new Error(`no ${count} ports in a row are free`);
}

/** Passes all on to a port of this machine, and notes what was asked and how many bytes came, uncompressed. */
export async function forwarder(port) {
  const passed = [];
  const agent = new Agent({ keepAlive: true });
  const server = createServer((asked, answer) => {
    const { method, url: path, headers } = asked;
    const onward = ask({ host: "127.0.0.1", port, agent, method, path, headers }, (reply) => {
      const pieces = [];
      const packed = reply.headers["content-encoding"] === "gzip";
      answer.writeHead(reply.statusCode, reply.rawHeaders);
      reply.on("data", (piece) => pieces.push(piece));
      // Unpacked when somebody wants to know, not while a visit is being timed.
      const bytes = () => (packed ? gunzipSync(Buffer.concat(pieces)) : Buffer.concat(pieces)).length;
      reply.on("end", () => passed.push({ at: Date.now(), query: new URL(path, "http://rm").searchParams, path, bytes }));
      reply.on("error", () => answer.destroy());
      reply.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    server.close();
    server.closeAllConnections();
    agent.destroy();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, passed, stop };
}
