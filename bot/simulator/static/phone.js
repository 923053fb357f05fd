// The page at work: it begins, follows the news, and shows them where they belong.

import { get, language, t, useLanguage } from "./api.js";
import {
  act,
  arrived,
  attempt,
  complain,
  notice,
  openChat,
  refreshPeople,
  reload,
  showChat,
  state,
  toast,
} from "./chat.js";
import { labelMenus, setUpComposer } from "./composer.js";
import { beginGroup, groupNews, isGroup, refresh, showGroup } from "./group.js";
import { labelGroupMenus, setUpGroupComposer } from "./group_composer.js";
import { setUpGroupSettings } from "./group_settings.js";
import { beginSms, setUpSms, showSms, smsNews } from "./sms.js";
import { setUpSide, showClock, showFaults, showUnread } from "./side.js";

const $ = (id) => document.getElementById(id);

const NEWS = {
  message: ({ chat_id: id, message }) => {
    if (id === state.chat.chat.id) arrived(message);
    else if (message.from.is_bot) state.unread.set(id, (state.unread.get(id) ?? 0) + 1);
    refreshPeople();
  },
  deleted: ({ chat_id: id, message_id: number }) => {
    if (id !== state.chat.chat.id) return;
    state.chat.messages = state.chat.messages.filter((m) => m.message_id !== number);
    $("messages").querySelector(`[data-message="${number}"]`)?.remove();
  },
  chat: ({ chat_id: id }) => id === state.chat.chat.id && reload(),
  commands: () => Promise.all([reload(), refresh()]),
  about: () => reload(),
  people: () => Promise.all([refreshPeople(), refresh()]),
  clock: ({ clock }) => showClock(clock),
  faults: () => showFaults(),
  action: ({ chat_id: id }) => {
    if (id === state.chat.chat.id) $("bot-status").textContent = t("typing");
  },
  answered: ({ chat_id: id, text, alert }) => {
    if (id !== state.chat.chat.id || !text) return;
    if (!alert) return toast(text);
    $("alert-text").textContent = text;
    $("alert").showModal();
  },
  ...smsNews,
};

function tell(change) {
  if (change.kind === "answered") {
    state.waiting.get(change.query_id)?.classList.remove("busy");
    state.waiting.delete(change.query_id);
  }
  const news = isGroup(change.chat_id) ? groupNews : NEWS;
  return news[change.kind]?.(change);
}

async function begin() {
  await useLanguage(language);
  labelMenus();
  labelGroupMenus();
  const found = await get("state");
  state.seq = found.seq;
  showClock(found.clock);
  showUnread(found.pending);
  await showFaults();
  const user = found.users.find((u) => u.id === state.userId) ?? found.users[0];
  await openChat(user.chat_id, user.id);
  await beginSms();
  await beginGroup();
  notice("");
}

async function follow() {
  for (;;) {
    const news = await get(`changes?after=${state.seq}&timeout=25`);
    if (news.lost) return begin();
    for (const change of news.changes) await tell(change);
    state.seq = news.seq;
    showUnread(news.pending);
  }
}

async function live() {
  for (;;) {
    try {
      await begin();
      for (;;) await follow();
    } catch (error) {
      complain(error);
      if (error.code === "wrong_key") return;
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

async function changeLanguage(chosen) {
  await useLanguage(chosen);
  labelMenus();
  labelGroupMenus();
  if (!state.chat) return;
  showChat();
  showGroup();
  await showSms();
  await showFaults();
  showClock();
  showUnread();
}

setUpComposer();
setUpGroupComposer();
setUpGroupSettings();
setUpSms();
setUpSide({ act, openChat, complain, chatId: () => state.chat.chat.id });
for (const node of document.querySelectorAll("[data-language]")) {
  node.addEventListener("click", () => attempt(() => changeLanguage(node.dataset.language)));
}
live();
