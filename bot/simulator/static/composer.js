// Where one writes: the field, what is edited in it, what is attached, and the menus around it.

import { icon, make, t, towns } from "./api.js";
import { act, state } from "./chat.js";

const $ = (id) => document.getElementById(id);

export function startEditing(message) {
  state.editing = message.message_id;
  $("edited-text").textContent = message.text;
  $("editing").hidden = false;
  $("text").value = message.text;
  fit($("text"));
  $("text").focus();
}

export function stopEditing() {
  if (state.editing !== null) $("text").value = "";
  state.editing = null;
  $("editing").hidden = true;
  fit($("text"));
}

export function fit(field) {
  field.style.height = "auto";
  if (field.value) field.style.height = `${Math.min(field.scrollHeight, 132)}px`;
}

// The field is free at once; only a text that did not go out comes back.
async function send() {
  const text = $("text").value;
  if (!text.trim()) return;
  const { editing } = state;
  stopEditing();
  $("text").value = "";
  fit($("text"));
  const sent = editing === null ? await act.say(text) : await act.do("edit", { message_id: editing, text });
  if (!sent && !$("text").value) $("text").value = text;
}

export function askPlace() {
  const form = $("place-form");
  form.elements.town.replaceChildren(...towns.map((town, i) => new Option(town.name, String(i))));
  form.elements.town.onchange = () => {
    form.elements.latitude.value = towns[form.elements.town.value].latitude;
    form.elements.longitude.value = towns[form.elements.town.value].longitude;
  };
  form.elements.town.onchange();
  $("place").showModal();
}

// --- menus ------------------------------------------------------------------------------------

const MENUS = {}; // by the button that opens it

export function closeMenus(except = "") {
  for (const [button, menu] of Object.entries(MENUS)) {
    if (button === except) continue;
    $(menu).hidden = true;
    $(button).setAttribute("aria-expanded", "false");
  }
}

export function addMenus(menus) {
  Object.assign(MENUS, menus);
  for (const [button, menu] of Object.entries(menus)) {
    $(button).addEventListener("click", (event) => {
      event.stopPropagation();
      closeMenus(button);
      $(menu).hidden = !$(menu).hidden;
      $(button).setAttribute("aria-expanded", String(!$(menu).hidden));
    });
  }
}

export function setUpComposer() {
  addMenus({ more: "more-menu", commands: "commands-menu", attach: "attach-menu" });
  document.addEventListener("click", () => closeMenus());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus();
  });
  for (const node of document.querySelectorAll("[data-attach]")) {
    const kind = node.dataset.attach;
    node.addEventListener("click", () => {
      if (kind === "location") askPlace();
      else if (kind === "contact") act.do("contact", {});
      else if (kind === "their_contact") act.shareOther();
      else act.do("other", { kind });
    });
  }
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  $("text").addEventListener("input", () => fit($("text")));
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && !$("text").value) {
      const own = state.chat.messages.findLast((m) => m.from.id === state.userId && m.text !== undefined);
      if (own) startEditing(own);
    } else if (event.key === "Escape") stopEditing();
  });
  $("stop-editing").addEventListener("click", stopEditing);
  $("start").addEventListener("click", () => act.say("/start"));
  $("unblock").addEventListener("click", () => act.do("block", { blocked: false }));
  $("block").addEventListener("click", () => act.do("block", { blocked: !state.chat.blocked }));
  $("no-place").addEventListener("click", () => $("place").close());
  $("place-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { latitude, longitude } = event.target.elements;
    $("place").close();
    await act.do("location", { latitude: latitude.valueAsNumber, longitude: longitude.valueAsNumber });
  });
}

export function labelMenus() {
  for (const node of document.querySelectorAll("[data-attach]")) {
    node.replaceChildren(icon(node.dataset.icon), make("span", "", t(node.dataset.attach)));
  }
}

