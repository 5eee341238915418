// What is measured in a page, by the page's own clock.
import { median } from "./report.mjs";

/** How the page says what it has seen. */
const SEEN = "bench: ";

/**
 * Opens an address as a first visitor and gives when each of `marks` was on the screen, in ms since the navigation
 * began. A mark is an element by its selector whose text fits a pattern.
 */
export async function visit(page, address, marks) {
  // Told by a line of the console: to ask the page, Playwright would have it compile a large script of its own first.
  const told = page.waitForEvent("console", { predicate: (line) => line.text().startsWith(SEEN), timeout: 180_000 });
  await page.addInitScript(({ marks, SEEN }) => {
    const seen = {};
    const tell = () => {
      if (Object.keys(marks).every((name) => seen[name])) console.log(SEEN + JSON.stringify(seen));
    };
    const drawn = (name) => {
      const { port1, port2 } = new MessageChannel();
      // Told once the frame in which it was found has been drawn.
      port1.onmessage = () => {
        seen[name] = performance.now();
        tell();
      };
      port2.postMessage(null);
      seen[name] = null;
    };
    const look = () => {
      for (const [name, { selector, pattern }] of Object.entries(marks)) {
        const text = document.querySelector(selector)?.textContent;
        if (!(name in seen) && text !== undefined && new RegExp(pattern).test(text)) drawn(name);
      }
      if (Object.keys(marks).some((name) => !(name in seen))) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { marks, SEEN });
  await page.goto(address, { waitUntil: "commit" });
  return JSON.parse((await told).text().slice(SEEN.length));
}

/** Between two frames, in ms. */
const INTERVAL = 17;

/**
 * Types into a field, one key at a time, and gives for each the ms from the key to the end of the frame that shows what
 * came of it: the next one, unless what is shown changes in a later one still.
 */
export async function keystrokes(page, field, shown, keys) {
  await page.evaluate((shown) => {
    /** So many frames without a change show that it is done. */
    const STILL = 5;
    const look = () => Array.from(document.querySelectorAll(shown), (one) => one.textContent).join("\n");
    let pressed = 0;
    globalThis.benchKeys = [];
    const frame = (since, before, still, taken) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          const now = performance.now() - since;
          const after = look();
          if (after === before && still === STILL) globalThis.benchKeys.push(taken);
          else if (after === before) frame(since, after, still + 1, taken ?? now);
          else frame(since, after, 0, now);
        };
        port2.postMessage(null);
      });
    addEventListener("keydown", (event) => (pressed = event.timeStamp), true);
    addEventListener("input", () => frame(pressed, look(), 0), true);
  }, shown);
  await page.locator(field).focus();
  for (const [at, key] of keys.entries()) {
    // People press keys at any time between two frames. Pressed at once, each would come right after the frame in which
    // the last was found to be done, and wait for nearly a whole interval.
    await new Promise((over) => setTimeout(over, (at * 7) % INTERVAL));
    await page.keyboard.press(key);
    await page.waitForFunction((count) => globalThis.benchKeys.length > count, at);
  }
  return page.evaluate(() => globalThis.benchKeys);
}

/** Notes in the page when each row was first seen in each state: `id state` to ms since the epoch. */
export async function noteRows(page) {
  await page.evaluate(() => {
    const seen = (globalThis.benchRows = {});
    let due = false;
    const look = () => {
      due = false;
      for (const row of document.querySelectorAll(".table-window > [role=row]")) {
        const text = (column) => row.querySelector(column)?.textContent ?? "";
        seen[`${text(".col-id")} ${text(".col-state")}`] ??= Date.now();
      }
    };
    new MutationObserver(() => {
      if (!due) requestAnimationFrame(look);
      due = true;
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => globalThis.benchRows);
}

/**
 * Counts the bytes that a page receives from now on: of WebSockets and of bodies, uncompressed, and of all as sent.
 */
export async function countBytes(page) {
  const counted = { messages: 0, bodies: 0, sent: 0 };
  const session = await page.context().newCDPSession(page);
  session.on("Network.webSocketFrameReceived", ({ response }) => {
    counted.messages += Buffer.byteLength(response.payloadData);
    counted.sent += Buffer.byteLength(response.payloadData);
  });
  session.on("Network.dataReceived", ({ dataLength }) => (counted.bodies += dataLength));
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (counted.sent += encodedDataLength));
  await session.send("Network.enable");
  return counted;
}

/** In ms. */
const SECOND = 1_000;
/** The least bytes of a message that is an update; a word that nothing has changed, or too much, is smaller. */
const UPDATE = 300;
/** Where the picture is fetched when too much has changed for a message. */
const PICTURE = "/api/watch/";

/**
 * Looks on for so many ms while a page is watched, and gives how many updates came; the ms of the page's main thread that
 * one costs, beyond those of a second in which none comes; those of such a second, in which the page's clock goes on and
 * it hears that nothing is new; and the longest task of all (0 where none took 50 ms).
 */
export async function updates(page, duration) {
  const session = await page.context().newCDPSession(page);
  let count = 0;
  session.on("Network.webSocketFrameReceived", ({ response }) => (count += Number(response.payloadData.length >= UPDATE)));
  session.on("Network.responseReceived", ({ response }) => (count += Number(response.url.includes(PICTURE))));
  await session.send("Network.enable");
  await session.send("Performance.enable", { timeDomain: "timeTicks" });
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
  };
  // Nothing may be drawn for the measurement's sake: sixty frames a second cost more than most updates.
  await page.evaluate(() => {
    globalThis.benchLongest = 0;
    const longer = (list) => list.getEntries().forEach(({ duration }) => (benchLongest = Math.max(benchLongest, duration)));
    new PerformanceObserver(longer).observe({ type: "longtask" });
  });
  const seconds = [];
  for (let before = await busy(); seconds.length * SECOND < duration; ) {
    const already = count;
    await new Promise((over) => setTimeout(over, SECOND));
    const now = await busy();
    seconds.push({ cost: now - before, came: count > already });
    before = now;
  }
  // What an update brings on goes on into the next second: marks fade.
  const [during, quiet] = [true, false].map((wanted) =>
    seconds.filter(({ came }, at) => (came || (seconds[at - 1]?.came ?? false)) === wanted).map(({ cost }) => cost),
  );
  const second = quiet.length > 0 ? median(quiet) : 0;
  const cost = during.reduce((sum, cost) => sum + cost - second, 0) / count;
  return { count, cost, second, longest: await page.evaluate(() => globalThis.benchLongest) };
}
