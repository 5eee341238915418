// A forward proxy for the browser that keeps every answer it is given. The page's own tools lose bodies of pages that
// were left; nothing gets past this one, whatever address it goes to.
import { type IncomingMessage, createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliDecompressSync, constants, gunzipSync } from "node:zlib";

/** An answer that the browser was given; `body` grows while it comes. */
export type Given = { method: string; url: URL; status: number; headers: [string, string][]; body: Buffer[] };

export type Recorder = { address: string; given: Given[]; stop: () => void };

export async function record(): Promise<Recorder> {
  const given: Given[] = [];
  const server = createServer((asked, answer) => {
    const url = new URL(asked.url ?? "");
    const { "proxy-connection": _, ...headers } = asked.headers;
    const onward = ask(url, { method: asked.method, headers }, (reply) => {
      const one: Given = { method: asked.method ?? "", url, status: reply.statusCode ?? 0, headers: pairs(reply), body: [] };
      given.push(one);
      answer.writeHead(one.status, reply.rawHeaders);
      reply.on("data", (piece: Buffer) => one.body.push(piece));
      reply.on("error", () => answer.destroy());
      reply.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, given, stop };
}

function pairs(reply: IncomingMessage): [string, string][] {
  const raw = reply.rawHeaders;
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1]] as [string, string]] : []));
}

/** The value of a header; empty where it is not there. */
export function header(given: Given, name: string): string {
  return given.headers.find(([found]) => found === name)?.[1] ?? "";
}

/** The body as the page sees it; of one that was broken off, what came. */
export function body(given: Given): Buffer {
  const bytes = Buffer.concat(given.body);
  if (bytes.length === 0) return bytes;
  switch (header(given, "content-encoding")) {
    case "":
      return bytes;
    case "br":
      return brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH });
    case "gzip":
      return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
    default:
      throw new Error(`${given.url}: an encoding that is not known here`);
  }
}
