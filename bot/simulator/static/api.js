// The key, the calls to /_sim, and the sentences of the page.

const KEY = "caravane-simulator-key";
const LANGUAGE = "caravane-simulator-language";

const address = new URL(location.href);
if (address.searchParams.has("key")) {
  sessionStorage.setItem(KEY, address.searchParams.get("key"));
  address.searchParams.delete("key");
  history.replaceState(null, "", address);
}
const key = sessionStorage.getItem(KEY) ?? "";

export class Refused extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

async function call(path, options = {}) {
  const answer = await fetch(`/_sim/${path}`, {
    ...options,
    headers: { "x-simulator-key": key, ...options.headers },
  });
  if (!answer.ok) {
    const body = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, body.error ?? "");
  }
  return answer;
}

export const get = async (path) => (await call(path)).json();
export const blob = async (path) => (await call(path)).blob();
export const remove = async (path) => (await call(path, { method: "DELETE" })).json();
export const post = async (path, body) =>
  (
    await call(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    })
  ).json();

let texts = {};
export let towns = [];
export let language = localStorage.getItem(LANGUAGE) ?? "";
if (language !== "fr" && language !== "ar") {
  language = navigator.language.startsWith("ar") ? "ar" : "fr";
}

// Values are isolated, so that a Latin name never turns an Arabic sentence round.
export const t = (name, values = {}) =>
  (texts[name] ?? "").replace(/\{(\w+)\}/g, (_, value) => `\u2068${values[value] ?? ""}\u2069`);

export async function useLanguage(chosen) {
  const found = await get(`texts?lang=${chosen}`);
  texts = found.texts;
  towns = found.towns;
  language = chosen;
  localStorage.setItem(LANGUAGE, chosen);
  const root = document.documentElement;
  root.lang = chosen;
  root.dir = chosen === "ar" ? "rtl" : "ltr";
  document.title = t("title");
  for (const node of document.querySelectorAll("[data-text]")) {
    node.textContent = t(node.dataset.text);
  }
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", t(node.dataset.label));
    if (node.matches("button")) node.title = t(node.dataset.label);
  }
  for (const node of document.querySelectorAll("[data-hint]")) {
    node.placeholder = t(node.dataset.hint);
  }
  for (const node of document.querySelectorAll("[data-language]")) {
    node.setAttribute("aria-pressed", String(node.dataset.language === chosen));
  }
}

// Days and hours as they are in Algeria, in the language of the page.
export const when = (moment, parts) =>
  new Intl.DateTimeFormat(language === "ar" ? "ar-DZ" : "fr-DZ", {
    timeZone: "Africa/Algiers",
    ...parts,
  }).format(moment);

export const make = (tag, className = "", text = "") => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
};

export const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
};

export const avatar = (node, id, name) => {
  node.className = `avatar tint-${Math.abs(id) % 6}`;
  node.textContent = [...name][0] ?? "";
  return node;
};
