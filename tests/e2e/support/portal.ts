// A portal as a company runs one: nginx terminates TLS before it and before Howdah, with certificates of an authority
// that the browser trusts, each at an origin of its own. `tests/portal` holds the portal's page and nginx's file.
import { expect, test as base } from "@playwright/test";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { ARGUMENTS } from "../chromium.mjs";
import { consoleFolder, launch, type Program, start } from "./program";
import { freePort } from "./site";

export { expect };

const run = promisify(execFile);
const SAMPLE = resolve("../portal");
/** Whom nginx names, as `tests/portal/nginx.conf` says. */
export const NAMED = "민지";
const SECRET = "what-nginx-and-howdah-share";
/** Where nginx has the Howdah that shares a host. */
const PATH = "tools/howdah/";
/** Hosts that the certificate is for: ours, and some that a portal's may be taken for. */
const HOSTS = ["portal", "howdah", "named", "company", "own", "evil", "evilportal", "portal.localhost.evil"].map((name) => `${name}.localhost`);

/** One Howdah of several: for a browser, which is behind nginx most often; for a script beside that. */
export type Place = { url: string; direct: string };

export class Portal {
  private constructor(
    /** The portal's origin. */
    readonly origin: string,
    /** Origins that are not the portal's, each with the same page. */
    readonly strangers: string[],
    /** A Howdah where people sign in, and one to which nginx names everybody. */
    readonly howdah: Place,
    readonly named: Place,
    /** One that has a path of a host that it shares, and one that terminates TLS itself. */
    readonly below: Place,
    readonly own: Place,
    /** Administers everything, at both. */
    readonly token: string,
    /** The browser's home, where it finds the authority. */
    readonly home: string,
    private readonly service: string,
    private readonly folder: string,
    private readonly programs: Program[],
  ) {}

  static async open(): Promise<Portal> {
    const folder = await mkdtemp(join(tmpdir(), "howdah-portal-"));
    const services = await start(["sandbox", "--services-only", folder, "--pace", "600"], /services are up/);
    const written = await readFile(join(folder, "howdah.toml"), "utf8");
    const [port = 0, otherPort = 0, plainPort = 0, howdahPort = 0, namedPort = 0, belowPort = 0, ownPort = 0] = await freePorts(7);
    const origin = `https://portal.localhost:${port}`;
    await writeFile(join(folder, "portal-secret"), SECRET);
    await certify(folder);
    const howdah = async (host: string, listen: number, more = "", url = `https://${host}:${port}/`): Promise<[Place, Program]> => {
      const first =
        `listen = "127.0.0.1:${listen}"\npublic_url = "${url}"\nconsole = ${JSON.stringify(resolve(consoleFolder))}\n` +
        `portals = ["${origin}"]`;
      const text = written.replace(/^listen = .*$/m, first).replace('"howdah.db"', `"${host}.db"`);
      await writeFile(join(folder, `${host}.toml`), text + more);
      const program = await start(["serve", "--config", join(folder, `${host}.toml`)], /^Howdah is at /);
      return [{ url, direct: `http://127.0.0.1:${listen}/` }, program];
    };
    const trusted =
      `\n[trusted_proxy]\naddresses = ["127.0.0.1"]\nsecret = { file = "portal-secret" }\n` +
      `user_header = "X-Remote-User"\nroles = { "${NAMED}" = { "*" = "operate" } }\n`;
    const [plain, plainProgram] = await howdah("howdah.localhost", howdahPort);
    const [named, namedProgram] = await howdah("named.localhost", namedPort, trusted);
    const [below, belowProgram] = await howdah("company.localhost", belowPort, "", `https://company.localhost:${port}/${PATH}`);
    const encrypted = `\n[tls]\ncertificate_file = "leaf.pem"\nkey_file = "leaf.key"\n`;
    const [own, ownProgram] = await howdah("own.localhost", ownPort, encrypted, `https://own.localhost:${ownPort}/`);
    const ports = { port, otherPort, plainPort, howdahPort, namedPort, belowPort };
    const filled: Record<string, string | number> = { folder, portal: SAMPLE, secret: SECRET, path: PATH, ...ports };
    const configuration = await readFile(join(SAMPLE, "nginx.conf"), "utf8");
    await writeFile(join(folder, "nginx.conf"), configuration.replace(/@(\w+)@/g, (_, key: string) => `${filled[key]}`));
    const nginx = await launch("nginx", ["-e", "stderr", "-p", folder, "-c", join(folder, "nginx.conf")], /nginx\/\d/);
    const strangers = [
      `https://evil.localhost:${port}`,
      `https://evilportal.localhost:${port}`,
      `https://portal.localhost.evil.localhost:${port}`,
      `https://portal.localhost:${otherPort}`,
      `http://portal.localhost:${plainPort}`,
    ];
    const service = /\[connections\.hadoop-eco\][^[]*\nurl = "([^"]*)"/.exec(written)?.[1] ?? "";
    const token = await readFile(join(folder, "token"), "utf8");
    const programs = [nginx, plainProgram, namedProgram, belowProgram, ownProgram, services];
    return new Portal(origin, strangers, plain, named, below, own, token, join(folder, "home"), service, folder, programs);
  }

  async close(): Promise<void> {
    for (const program of this.programs) await program.stop();
    await rm(this.folder, { recursive: true });
  }

  /** The address of the portal's page, at its own origin or at another's. */
  page(howdah: Place, page: string, cluster = "", origin = this.origin): string {
    return `${origin}/?${new URLSearchParams({ howdah: howdah.url, page, cluster })}`;
  }

  /** Has the Howdah to which nginx names everybody wait for another secret than nginx sends, until that is ended. */
  async changeSecret(): Promise<{ end: () => Promise<void> }> {
    const wait = async (secret: string, status: number) => {
      await writeFile(join(this.folder, "portal-secret"), secret);
      const headers = { "X-Remote-User": encodeURI(NAMED), "Howdah-Proxy-Secret": SECRET };
      await expect.poll(async () => (await fetch(`${this.named.direct}api/me`, { headers })).status).toBe(status);
    };
    await wait("another-than-nginx-sends", 401);
    return { end: () => wait(SECRET, 200) };
  }

  /** What the journal of a Howdah holds, newest first. */
  async requests({ direct }: Place): Promise<{ id: string; principal: string; state: string }[]> {
    const reply = await fetch(`${direct}api/requests`, { headers: { Authorization: `Bearer ${this.token}` } });
    return (await reply.json()).requests;
  }

  /** The runs that the service has really started. */
  async started(): Promise<unknown[]> {
    return (await fetch(`${this.service}/_sandbox/runs`)).json();
  }
}

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

/** Makes an authority, which a browser with this home trusts as one of its user's, and a certificate by it. */
async function certify(folder: string): Promise<void> {
  const key = (name: string) => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`];
  const at = { cwd: folder };
  await run("openssl", ["req", "-x509", ...key("ca"), "-out", "ca.pem", "-days", "2", "-subj", "/CN=Authority of a test"], at);
  await run("openssl", ["req", ...key("leaf"), "-out", "leaf.csr", "-subj", "/CN=portal.localhost"], at);
  const names = HOSTS.map((host) => `DNS:${host}`).join(",");
  await writeFile(join(folder, "leaf.ext"), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  const sign = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "leaf.ext"];
  await run("openssl", ["x509", "-req", "-in", "leaf.csr", "-out", "leaf.pem", ...sign], at);
  const store = "home/.pki/nssdb";
  await mkdir(join(folder, store), { recursive: true });
  await run("certutil", ["-N", "-d", `sql:${store}`, "--empty-password"], at);
  await run("certutil", ["-A", "-d", `sql:${store}`, "-n", "test", "-t", "C,,", "-i", "ca.pem"], at);
}

/** `test` with a portal for every worker, and a browser that trusts its certificates. */
export const test = base.extend<object, { portal: Portal }>({
  portal: [
    async ({}, use) => {
      const portal = await Portal.open();
      await use(portal);
      await portal.close();
    },
    { scope: "worker" },
  ],
  launchOptions: [
    async ({ portal }, use) => {
      await use({ executablePath: process.env.HOWDAH_CHROMIUM, args: ARGUMENTS, env: { ...process.env, HOME: portal.home } });
    },
    { scope: "worker" },
  ],
});
