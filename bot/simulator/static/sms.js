// The feature phone: its screen, its keys, and the SMS being written on it.

import { get, make, post, t, when } from "./api.js";
import { attempt } from "./chat.js";
import { isFollowing, put, toEnd } from "./log.js";
import { local, setUpSmsSide, showGateway, showPhones } from "./sms_side.js";

const $ = (id) => document.getElementById(id);
const DELIVERED = 1;
const path = (number) => `sms/phones/${encodeURIComponent(number)}`;
const attemptHere = (deed) => attempt(deed, "sms-toast");

export const sms = { phone: null, gateway: null, unread: new Map() };

export async function beginSms() {
  await readState();
  const { phones } = sms.state;
  const chosen = phones.find((phone) => phone.number === sms.phone?.number) ?? phones[0];
  await openPhone(chosen.number);
}

async function readState() {
  sms.state = await get("sms/state");
  sms.gateway = sms.state.gateway;
  showGateway(sms.state);
  showPhones(sms.state.phones, sms);
}

export async function openPhone(number) {
  sms.phone = await get(path(number));
  sms.unread.delete(number);
  await showSms();
}

export async function showSms() {
  $("sms-messages").replaceChildren();
  for (const message of sms.phone.messages) showMessage(message);
  toEnd($("sms-log"));
  showFrame();
  await Promise.all([readState(), count()]);
}

function note() {
  const { on, in_service: inService, waiting, failed } = sms.phone;
  if (!sms.gateway) return t("sms_no_gateway");
  const lines = [];
  if (!inService) lines.push(t("sms_out"));
  if (!on) lines.push(t("sms_off"));
  if (waiting) lines.push(t("sms_underway", { n: waiting }));
  if (failed) lines.push(t("sms_missed", { n: failed }));
  return lines.join("\n");
}

function showFrame() {
  const { phone } = sms;
  $("sms-name").textContent = phone.name || local(phone.number);
  $("sms-number").textContent = local(phone.number);
  $("sms-note").textContent = note();
  $("sms-note").hidden = !note();
  $("sms-empty").hidden = phone.messages.length > 0;
  const power = t(phone.on ? "sms_switch_off" : "sms_switch_on");
  $("sms-power").title = power;
  $("sms-power").setAttribute("aria-label", power);
  $("sms-power").setAttribute("aria-pressed", String(phone.on));
  $("sms").classList.toggle("off", !phone.on);
  $("sms-in-service").checked = phone.in_service;
  for (const node of $("sms").querySelectorAll("textarea, .soft-keys button, .keypad button")) {
    node.disabled = !phone.on || !phone.in_service || !sms.gateway;
  }
}

function stateOf(message) {
  if (message.mine) return t(`sms_${message.state}`);
  return message.reports.some((type) => type & DELIVERED) ? t("sms_confirmed") : "";
}

function showMessage(message) {
  const item = make("li", message.mine ? "mine" : "theirs");
  const body = make("div", "bubble");
  const text = make("div", "text", message.text);
  text.dir = "auto";
  const hour = when(message.date * 1000, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const foot = make("div", "foot");
  foot.append(make("time", "", hour), make("span", "segments", t("sms_count", { n: message.segments })));
  if (stateOf(message)) foot.append(make("span", "state", stateOf(message)));
  body.append(text, foot);
  item.append(body);
  put($("sms-messages"), { message_id: message.id, date: message.date }, item);
}

// --- news -------------------------------------------------------------------------------------

function arrived({ number, message }) {
  if (number !== sms.phone.number) {
    if (!message.mine && !message.reports.length) {
      sms.unread.set(number, (sms.unread.get(number) ?? 0) + 1);
    }
    return readState();
  }
  const kept = sms.phone.messages;
  const at = kept.findIndex((m) => m.id === message.id);
  if (at >= 0) kept[at] = message;
  else kept.push(message);
  const following = isFollowing($("sms-log"));
  showMessage(message);
  showFrame();
  if (following || message.mine) toEnd($("sms-log"));
  return readState();
}

async function changed({ number }) {
  await readState();
  const found = sms.state.phones.find((phone) => phone.number === sms.phone.number);
  if (number === found.number) Object.assign(sms.phone, found);
  showFrame();
}

export const smsNews = {
  sms: arrived,
  sms_phone: changed,
  sms_gateway: () => readState().then(showFrame),
};

// --- writing ----------------------------------------------------------------------------------

let asked = 0;
async function count() {
  const mine = ++asked;
  const found = await attemptHere(() => post("sms/measure", { text: $("sms-text").value }));
  if (!found || mine !== asked) return; // something was typed meanwhile
  const [used, segments] = $("sms-count").children;
  used.textContent = `${found.length}/${found.room}`;
  segments.textContent = t("sms_count", { n: found.segments });
}

function type(text) {
  const field = $("sms-text");
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  count();
}

function erase() {
  const field = $("sms-text");
  if (field.selectionStart === field.selectionEnd) {
    const before = [...field.value.slice(0, field.selectionStart)];
    const last = before.pop() ?? "";
    field.setSelectionRange(field.selectionStart - last.length, field.selectionEnd);
  }
  type("");
}

// The field is free at once; only a text that did not go out comes back.
async function send() {
  const field = $("sms-text");
  const text = field.value;
  if (!text.trim()) return;
  field.value = "";
  count();
  const sent = await attemptHere(() => post(`${path(sms.phone.number)}/text`, { text }));
  if (sent || field.value) return;
  field.value = text;
  count();
}

export function setUpSms() {
  setUpSmsSide({ sms, openPhone, path, attempt: attemptHere });
  $("sms-form").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  $("sms-text").addEventListener("input", count);
  $("sms-text").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  $("sms-erase").addEventListener("click", erase);
  for (const node of document.querySelectorAll("[data-key]")) {
    node.addEventListener("click", () => type(node.dataset.key));
  }
  $("sms-power").addEventListener("click", () =>
    attemptHere(() => post(`${path(sms.phone.number)}/power`, { on: !sms.phone.on })),
  );
}
