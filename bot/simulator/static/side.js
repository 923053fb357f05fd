// Beside the phone: whose phone it is, what time it is, and what goes wrong.

import { Refused, avatar, get, language, make, post, remove, t, when } from "./api.js";
import { excerpt } from "./bubbles.js";
import { startTyped } from "./links.js";

const $ = (id) => document.getElementById(id);
let page;

// --- people -----------------------------------------------------------------------------------

let asking = false;
let again = null;

// News come in bursts; one question at a time, and the last one counts.
export async function showPeople(userId, unread) {
  again = { userId, unread };
  if (asking) return;
  asking = true;
  try {
    while (again) {
      const wanted = again;
      again = null;
      const { users } = await get("state");
      for (const user of users) person(user, wanted);
    }
  } catch (error) {
    page.complain(error);
  } finally {
    asking = false;
  }
}

// Kept and changed in place: a button replaced under the finger would lose the tap.
const rows = new Map();

function person(user, { userId, unread }) {
  const row = rows.get(user.id) ?? newRow(user);
  const count = unread.get(user.chat_id) ?? 0;
  row.last.textContent = excerpt(user.last_message);
  row.button.setAttribute("aria-pressed", String(user.id === userId));
  row.badge.textContent = String(count);
  row.badge.hidden = !count;
}

function newRow(user) {
  const item = make("li");
  const button = make("button");
  const lines = make("span", "lines");
  const name = make("strong", "", user.first_name);
  const last = make("span", "last");
  const badge = make("span", "badge");
  name.dir = last.dir = "auto";
  lines.append(name, last);
  button.type = "button";
  button.append(
    avatar(make("span"), user.id, user.first_name),
    lines,
    make("span", "tongue", user.language_code ?? ""),
    badge,
  );
  button.addEventListener("click", () => page.openChat(user.chat_id, user.id).catch(page.complain));
  item.append(button);
  $("people").append(item);
  rows.set(user.id, { button, last, badge });
  return rows.get(user.id);
}

// --- the clock --------------------------------------------------------------------------------

let ahead = 0;
const now = () => Date.now() + ahead;

// 2015-10-05T09:00, in Algeria: what a date and time field holds and the simulator reads.
function field(moment) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: "Africa/Algiers",
    dateStyle: "short",
    timeStyle: "short",
    hourCycle: "h23",
  }).formatToParts(moment);
  const part = (type) => parts.find((p) => p.type === type).value;
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

export function showClock(clock) {
  if (clock) {
    ahead = new Date(clock.now).getTime() - Date.now();
    $("clock").elements.now.value = field(now());
  }
  const shown = when(now(), {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  if ($("now").textContent !== shown) $("now").textContent = shown;
}

const setClock = (moment) => post("clock", { now: moment }).catch(page.complain);

// --- faults -----------------------------------------------------------------------------------

const nameOf = (fault) => {
  if (fault.kind === "delay") return "fault_delay";
  if (fault.kind === "hang_up") return fault.after ? "fault_done" : "fault_lost";
  return `fault_${fault.error_code}`;
};

export async function showFaults() {
  const faults = await get("faults");
  $("faults").replaceChildren(
    ...faults.map((fault) => {
      const call = fault.method === "*" ? t("any_call") : fault.method;
      const kind = t(nameOf(fault)) || String(fault.error_code);
      return make("li", "", t("fault_item", { call, kind, n: fault.count }));
    }),
  );
  $("no-faults").hidden = !faults.length;
}

function readFault(form) {
  const kinds = { lost: "hang_up", done: "hang_up", delay: "delay" };
  const chosen = form.elements.kind.value;
  const fault = {
    method: form.elements.method.value,
    kind: kinds[chosen] ?? "error",
    count: form.elements.count.valueAsNumber,
    seconds: form.elements.seconds.valueAsNumber,
    after: chosen === "done",
    chat_id: form.elements.here.checked ? page.chatId() : null,
  };
  if (fault.kind === "error") fault.error_code = Number(chosen);
  return fault;
}

let waiting = 0;
export function showUnread(count = waiting) {
  waiting = count;
  $("unread").textContent = count ? t("unread", { n: count }) : "";
}

export function setUpSide(given) {
  page = given;
  setInterval(() => language && showClock(), 1000);
  $("new-person").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    try {
      const user = await post("users", Object.fromEntries(new FormData(form)));
      form.reset();
      form.closest("details").open = false;
      await page.openChat(user.chat_id, user.id);
    } catch (error) {
      page.complain(error);
    }
  });
  $("link").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const start = startTyped(form.elements.link.value.trim(), page.act.botName());
    if (!start) return page.complain(new Refused(400, "bad_link"));
    if (!(await page.act.start(start))) return;
    form.reset();
    form.closest("details").open = false;
  });
  $("clock").addEventListener("submit", (event) => {
    event.preventDefault();
    setClock(event.target.elements.now.value);
  });
  for (const node of document.querySelectorAll("[data-later]")) {
    node.addEventListener("click", () =>
      setClock(new Date(now() + Number(node.dataset.later) * 1000).toISOString()),
    );
  }
  $("fault").addEventListener("submit", (event) => {
    event.preventDefault();
    post("faults", readFault(event.target)).catch(page.complain);
  });
  $("no-faults").addEventListener("click", () => remove("faults").catch(page.complain));
}
