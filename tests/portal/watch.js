// Watches a list of Howdah's and calls `show` with its rows whenever they change. Goes on where it was when the stream
// is broken off; throws when Howdah does not let it in, or not any more.
export async function watch(url, token, list, show) {
  const rows = new Map();
  let last = "";
  for (;;) {
    const headers = { Accept: "text/event-stream", Authorization: `Bearer ${token}`, "Last-Event-ID": last };
    const reply = await fetch(url, { headers }).catch(() => null);
    if (reply?.ok === false) throw new Error((await reply.json()).title);
    const reader = reply?.body.pipeThrough(new TextDecoderStream()).getReader();
    let held = "";
    for (let piece; (piece = await reader?.read().catch(() => null)) && !piece.done; ) {
      const events = (held + piece.value).split("\n\n");
      held = events.pop();
      for (const event of events) {
        const field = (name) => event.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
        const [kind, data] = [field("event"), field("data")];
        if (kind !== "snapshot" && kind !== "patch") continue;
        const { [list]: whole, gone = [], changed = whole } = JSON.parse(data);
        if (kind === "snapshot") rows.clear();
        gone.forEach((key) => rows.delete(key));
        changed.forEach((row) => rows.set(row.id, row));
        last = field("id");
        show([...rows.values()]);
      }
    }
    await new Promise((again) => setTimeout(again, 2000));
  }
}
