// A ResourceManager, Howdah before it, and a browser that looks at both.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { list } from "./measures.mjs";
import { forwarder, freePorts, peer, start } from "./programs.mjs";

const { HOWDAH_PROGRAM: howdah, HOWDAH_CONSOLE: files } = process.env;
const TOKEN = "a-token-for-the-bench";
const LOOKS = { locale: "en-GB", viewport: { width: 1280, height: 800 } };

/**
 * Starts a ResourceManager, with more in the environment of its up.sh, and Howdah; has `measure` use them; ends them.
 */
export async function beside(browser, folder, name, environment, measure) {
  const port = await freePorts(6);
  const state = join(folder, name);
  const places = { STATE: state, PORT: `${port}`, RPC: `${port + 1}`, HEAP: "2g", JVM: "" };
  const manager = await start(peer("yarn/up.sh"), ["3.4"], /^UP/, { ...places, ...environment });
  const between = await forwarder(port);
  try {
    const listen = `127.0.0.1:${port + 5}`;
    const configuration = join(folder, `${name}.toml`);
    const own = `http://127.0.0.1:${port}`;
    const serve = async (service) => {
      await writeFile(configuration, configure(listen, service));
      return start(howdah, ["serve", "--config", configuration], /^Howdah is at /, { HOWDAH_BENCH_TOKEN: TOKEN });
    };
    let proxy = await serve(own);
    const signedIn = await signIn(browser, `http://${listen}/`);
    await measure({
      own,
      list: list(`http://${listen}/connections/rm`),
      passed: between.passed,
      /** A page of somebody who has never been there; signed in to Howdah. */
      open: async (looks) => (await browser.newContext({ ...LOOKS, storageState: signedIn, ...looks })).newPage(),
      /** Has Howdah forget what it knows. From then on what it asks for is counted, which costs time, or not. */
      restart: async (counted = false) => {
        await proxy.stop();
        proxy = await serve(counted ? between.url : own);
      },
    });
    await proxy.stop();
  } finally {
    between.stop();
    await manager.stop();
  }
}

/** Has `measure` use the console on simulated services of a size, which is told as `howdah sandbox` is. */
export async function sandbox(browser, size, measure) {
  const program = await start(howdah, ["sandbox", "--console", files, "--listen", "127.0.0.1:0", ...size], /^Howdah is at /);
  try {
    await measure({
      url: program.line.replace("Howdah is at ", ""),
      open: async () => (await browser.newContext(LOOKS)).newPage(),
    });
  } finally {
    await program.stop();
  }
}

/** Signs a person in; gives what the browser keeps of it. */
async function signIn(browser, address) {
  const page = await (await browser.newContext(LOOKS)).newPage();
  await page.goto(address);
  await page.getByLabel("Token").fill(TOKEN);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Fleet" }).waitFor();
  const state = await page.context().storageState();
  await page.context().close();
  return state;
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
