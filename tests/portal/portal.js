// What a portal does with Howdah, in small: it frames a page, starts a run and watches the requests. Where Howdah is,
// which page to frame and what to run stand in the address; a real portal knows, and its server gives it the token.
import { watch } from "./watch.js";

const asked = new URLSearchParams(location.search);
const howdah = asked.get("howdah");
const form = document.querySelector("form");
const status = document.querySelector("p[role=status]");
const list = document.querySelector("ul");

document.querySelector("iframe").src = new URL(`${asked.get("page")}?embed&theme=dark&lang=ko`, howdah);

const say = (error) => (status.textContent = String(error));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const show = (requests) => {
    status.textContent = "Watching";
    list.replaceChildren(...requests.sort((a, b) => b.created - a.created).map(line));
  };
  watch(new URL("api/requests", howdah), form.token.value, "requests", show).catch(say);
});

function line({ id, principal, state }) {
  const item = document.createElement("li");
  item.textContent = `${id} by ${principal}: ${state}`;
  return item;
}

form.run.addEventListener("click", () => run().catch(say));

async function run() {
  const reply = await fetch(new URL(`api/connections/hadoop-eco/v2/hadoop-eco/clusters/${asked.get("cluster")}`, howdah), {
    method: "POST",
    headers: {
      Authorization: `Bearer ${form.token.value}`,
      "Content-Type": "application/json",
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: "{}",
  });
  if (!reply.ok) throw new Error((await reply.json()).title);
  form.started.value = reply.headers.get("Howdah-Request-Id");
}
