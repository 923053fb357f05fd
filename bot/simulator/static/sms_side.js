// Beside the feature phone: whose phone it is, how the gateway is, and what goes wrong with SMS.

import { avatar, make, post, remove, t } from "./api.js";

const $ = (id) => document.getElementById(id);
let page;

// 0550 12 34 56: as it is read aloud.
export const local = (number) =>
  number.replace(/^\+213(\d{3})(\d\d)(\d\d)(\d\d)$/, "0$1 $2 $3 $4");

// --- people -----------------------------------------------------------------------------------

// Kept and changed in place: a button replaced under the finger would lose the tap.
const rows = new Map();

export function showPhones(phones, { phone: open, unread }) {
  for (const phone of phones) {
    const row = rows.get(phone.number) ?? newRow(phone);
    const count = unread.get(phone.number) ?? 0;
    row.last.textContent = phone.last_message?.text ?? "";
    row.button.setAttribute("aria-pressed", String(phone.number === open?.number));
    row.badge.textContent = String(count);
    row.badge.hidden = !count;
  }
  const all = [...unread.values()].reduce((sum, count) => sum + count, 0);
  $("sms-unread").textContent = String(all);
  $("sms-unread").hidden = !all;
}

function newRow({ number, name }) {
  const item = make("li");
  const button = make("button");
  const lines = make("span", "lines");
  const title = make("strong", "", name || local(number));
  const last = make("span", "last");
  const badge = make("span", "badge");
  const tongue = make("bdi", "tongue", local(number));
  title.dir = last.dir = "auto";
  tongue.dir = "ltr";
  lines.append(title, last);
  button.type = "button";
  button.dataset.phone = number;
  button.append(avatar(make("span"), Number(number.slice(-2)), name || "#"), lines, tongue, badge);
  button.addEventListener("click", () => page.attempt(() => page.openPhone(number)));
  item.append(button);
  $("sms-people").append(item);
  rows.set(number, { button, last, badge });
  return rows.get(number);
}

// --- the gateway ------------------------------------------------------------------------------

export function showGateway({ gateway, link_up: up, waiting, faults }) {
  $("sms-service").textContent = gateway
    ? t("sms_service", { number: gateway.number })
    : t("sms_no_gateway");
  $("sms-link").checked = up;
  $("sms-untaken").textContent = waiting ? t("sms_untaken", { n: waiting }) : "";
  $("sms-faults").replaceChildren(
    ...faults.map(({ kind, count }) =>
      make("li", "", t("sms_fault_item", { kind: t(`sms_fault_${kind}`), n: count })),
    ),
  );
  $("no-sms-faults").hidden = !faults.length;
  for (const group of document.querySelectorAll("[data-group]")) {
    group.label = t(group.dataset.group);
  }
}

function readFault({ kind, count, seconds, here }) {
  const number = here.checked ? page.sms.phone.number : "";
  return { kind: kind.value, count: count.valueAsNumber, seconds: seconds.valueAsNumber, number };
}

export function setUpSmsSide(given) {
  page = given;
  $("new-phone").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const body = Object.fromEntries(new FormData(form));
    const phone = await page.attempt(() => post("sms/phones", body));
    if (!phone) return;
    form.reset();
    form.closest("details").open = false;
    await page.attempt(() => page.openPhone(phone.number));
  });
  $("sms-in-service").addEventListener("change", ({ target }) =>
    page.attempt(() => post(`${page.path(page.sms.phone.number)}/service`, { in_service: target.checked })),
  );
  $("sms-link").addEventListener("change", ({ target }) =>
    page.attempt(() => post("sms/link", { up: target.checked })),
  );
  $("sms-fault").addEventListener("submit", (event) => {
    event.preventDefault();
    page.attempt(() => post("sms/faults", readFault(event.target.elements)));
  });
  $("no-sms-faults").addEventListener("click", () => page.attempt(() => remove("sms/faults")));
}
