// The open chat: its bubbles, its keyboards, and what its owner does with them.

import { Refused, avatar, get, icon, make, post, t } from "./api.js";
import { bubble } from "./bubbles.js";
import { askPlace, closeMenus, startEditing, stopEditing } from "./composer.js";
import { isFollowing, put, toEnd } from "./log.js";
import { showPeople } from "./side.js";

const $ = (id) => document.getElementById(id);

export const state = {
  chat: null,
  userId: null,
  seq: 0,
  editing: null,
  unread: new Map(),
  waiting: new Map(), // pressed buttons, by their query's id
};

export const refreshPeople = () => showPeople(state.userId, state.unread);

const REASONS = {
  wrong_key: "error_key",
  no_such_button: "error_button",
  topic_closed: "error_topic_closed",
  not_an_administrator: "error_not_administrator",
  no_gateway: "sms_no_gateway",
  phone_off: "sms_off",
  out_of_service: "sms_out",
  number_taken: "error_number_taken",
};

export function complain(error, where = "toast") {
  let name = REASONS[error.code] ?? "error_refused";
  if (!(error instanceof Refused)) name = "error_away";
  else if (error.status === 400) name = "error_bad";
  if (name === "error_key" || name === "error_away") return notice(name);
  toast(t(name), where);
}

// Without the key there are no sentences to ask for; the page brought these along.
export function notice(name) {
  $("notice").textContent = name ? t(name) || $("notice").dataset[name] : "";
  $("notice").hidden = !name;
}

const toastTimers = {};
export function toast(text, where = "toast") {
  $(where).textContent = text;
  $(where).hidden = false;
  clearTimeout(toastTimers[where]);
  toastTimers[where] = setTimeout(() => ($(where).hidden = true), 5000);
}

export const attempt = async (deed, where = "toast") => {
  try {
    return await deed();
  } catch (error) {
    complain(error, where);
    return null;
  }
};
export const act = {
  do: (deed, body) => attempt(() => post(`chats/${state.chat.chat.id}/${deed}`, { user_id: state.userId, ...body })),
  say: (text) => act.do("text", { text }),
  botName: () => state.chat.bot.username,
  start: (start) => act.say(`/start ${start}`),
  shareOther: () =>
    attempt(async () => {
      const { users } = await get("state");
      const { first_name, phone_number } = users.find((user) => user.id !== state.userId);
      return act.do("contact", { first_name, phone_number });
    }),
  edit: (message) => startEditing(message),
  press: async (message, button, node) => {
    if (!button.callback_data) return;
    node.classList.add("busy");
    const pressed = await act.do("press", { message_id: message.message_id, data: button.callback_data });
    if (pressed) state.waiting.set(pressed.callback_query_id, node);
    else node.classList.remove("busy");
  },
};

// --- the chat ---------------------------------------------------------------------------------

export async function openChat(chatId, userId) {
  const found = await get(`chats/${chatId}?user_id=${userId}`);
  Object.assign(state, { chat: found, userId });
  state.unread.delete(chatId);
  stopEditing();
  closeMenus();
  showChat();
}

export function showChat() {
  showFrame();
  $("messages").replaceChildren();
  for (const message of state.chat.messages) showMessage(message);
  toEnd($("log"));
  refreshPeople();
}

function showFrame() {
  const { chat, bot, name, description, messages, started, blocked } = state.chat;
  avatar($("bot-avatar"), bot.id, name);
  $("bot-name").textContent = name;
  $("bot-status").textContent = t("bot");
  $("description").textContent = description;
  $("description").hidden = !description || messages.length > 0;
  $("empty").hidden = messages.length > 0 || Boolean(description);
  $("block").textContent = t(blocked ? "unblock" : "block");
  $("start").hidden = started || blocked || chat.type !== "private";
  $("unblock").hidden = !blocked;
  $("composer").hidden = blocked || !$("start").hidden;
  showKeyboard();
  showCommands();
}

function showMessage(message) {
  const mine = message.from.id === state.userId;
  put($("messages"), message, bubble(message, { mine, group: false, act }));
}

export function arrived(message) {
  const kept = state.chat.messages;
  const at = kept.findIndex((m) => m.message_id === message.message_id);
  if (at >= 0) kept[at] = message;
  else kept.push(message);
  const following = isFollowing($("log"));
  $("empty").hidden = $("description").hidden = $("start").hidden = true;
  $("composer").hidden = state.chat.blocked;
  $("bot-status").textContent = t("bot");
  showMessage(message);
  if (following || message.from.id === state.userId) toEnd($("log"));
}

// All but the messages: those come one by one, and a bubble drawn anew would lose the focus.
export async function reload() {
  const found = await get(`chats/${state.chat.chat.id}?user_id=${state.userId}`);
  if (found.chat.id !== state.chat.chat.id) return;
  const following = isFollowing($("log"));
  state.chat = { ...found, messages: state.chat.messages };
  showFrame();
  if (following) toEnd($("log"));
}

// --- below the messages -----------------------------------------------------------------------

function showKeyboard() {
  const rows = state.chat.blocked ? null : state.chat.keyboard?.keyboard;
  $("keyboard").hidden = !rows;
  $("keyboard").replaceChildren();
  for (const row of rows ?? []) {
    const line = make("div", "row");
    for (const button of row) {
      const node = make("button", "", button.text);
      node.type = "button";
      node.dir = "auto";
      if (button.request_location) node.prepend(icon("location"));
      if (button.request_contact) node.prepend(icon("contact"));
      node.addEventListener("click", () => {
        if (button.request_location) askPlace();
        else if (button.request_contact) act.do("contact", {});
        else act.say(button.text);
      });
      line.append(node);
    }
    $("keyboard").append(line);
  }
  $("text").placeholder = state.chat.keyboard?.input_field_placeholder ?? t("message");
}

function showCommands() {
  $("commands").hidden = !state.chat.commands.length;
  $("commands-menu").replaceChildren();
  for (const { command, description } of state.chat.commands) {
    const node = make("button");
    const name = make("bdi", "command-name", `/${command}`);
    name.dir = "ltr";
    const words = make("span", "", description);
    words.dir = "auto";
    node.type = "button";
    node.append(name, words);
    node.addEventListener("click", () => {
      closeMenus();
      act.say(`/${command}`);
    });
    $("commands-menu").append(node);
  }
}

