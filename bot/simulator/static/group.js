// The staff's group: its topics, what is written in them, and what its members do there.

import { avatar, get, icon, make, post, t } from "./api.js";
import { bubble } from "./bubbles.js";
import { attempt, state, toast } from "./chat.js";
import { showComposer, startReplying, stopReplying } from "./group_composer.js";
import { showSettings } from "./group_settings.js";
import { isFollowing, put, toEnd } from "./log.js";
import { serviceSentence } from "./service.js";

const $ = (id) => document.getElementById(id);
const TOAST = "group-toast";

export const group = {
  view: null, // as /_sim/chats/… answers, or null when there is no group
  speaker: null,
  thread: null, // the chosen topic, null for General
  read: new Map(), // by topic: the last message seen in it
  changing: 0, // how many settings are on their way
  floor: null, // what was there when the page came is not news
};

export const isGroup = (chatId) => chatId < 0;
const isForum = () => Boolean(group.view.chat.is_forum);
const topicOf = (message) => (isForum() && message.is_topic_message ? message.message_thread_id : null);
export const inGroup = (deed) => attempt(deed, TOAST);
export const people = () => group.view.members.filter(({ user }) => !user.is_bot);

// The creator sets up the group; its members write and tap. Until all is done the settings stay as
// they were touched; then they show what is so, after a refusal as well.
export async function setUp(deed, body = {}) {
  group.changing += 1;
  const done = await inGroup(() => post(`chats/${group.view.chat.id}/${deed}`, body));
  await inGroup(refresh);
  group.changing -= 1;
  if (group.view) showSettings();
  return done;
}

export const act = {
  do: (deed, body) =>
    inGroup(() => post(`chats/${group.view.chat.id}/${deed}`, { user_id: group.speaker, ...body })),
  send: async (deed, body) => {
    const where = group.thread === null ? {} : { thread: group.thread };
    const sent = await act.do(deed, { ...where, ...body });
    if (sent) stopReplying();
    return sent;
  },
  say: (text, replyTo) => act.send("text", { text, ...(replyTo ? { reply_to: replyTo } : {}) }),
  botName: () => group.view.bot.username,
  start: (start) => act.say(`/start ${start}`),
  reply: (message) => startReplying(message),
  press: async (message, button, node) => {
    if (!button.callback_data) return;
    node.classList.add("busy");
    const body = { message_id: message.message_id, data: button.callback_data };
    const pressed = await act.do("press", body);
    if (pressed) state.waiting.set(pressed.callback_query_id, node);
    else node.classList.remove("busy");
  },
};

// --- which group ------------------------------------------------------------------------------

export async function beginGroup() {
  await openGroup();
  group.floor ??= lastNumber();
  if (group.view) showTopics();
}

export async function openGroup() {
  const { groups } = await get("state");
  const found = groups.findLast((one) => one.moved_to === null);
  if (found && found.chat.id !== group.view?.chat.id) {
    Object.assign(group, { view: null, speaker: null, thread: null });
    group.read.clear();
  }
  await read(found?.chat.id);
  showGroup();
}

async function read(chatId) {
  if (!chatId) return void (group.view = null);
  const asked = group.speaker ? `?user_id=${group.speaker}` : "";
  group.view = await get(`chats/${chatId}${asked}`);
  const there = people().map(({ user }) => user.id);
  if (!there.includes(group.speaker)) {
    group.speaker = there[0] ?? null;
    if (asked && group.speaker) return read(chatId);
  }
  const topics = group.view.topics.map((topic) => topic.message_thread_id);
  if (group.thread !== null && !topics.includes(group.thread)) group.thread = null;
}

export function speakAs(userId) {
  group.speaker = userId;
  showMessages();
  return refresh(); // the commands are those of another now
}

export function showGroup() {
  const { view } = group;
  const settings = !$("group-settings").hidden && view !== null;
  $("no-group").hidden = view !== null;
  $("group-more").hidden = view === null;
  $("group-settings").hidden = !settings;
  $("group-talk").hidden = view === null || settings;
  showHead();
  if (!view) return;
  showMessages();
  showTopics();
  showComposer();
  showSettings();
}

function showHead() {
  const { view } = group;
  const title = view?.chat.title ?? t("group");
  avatar($("group-avatar"), view?.chat.id ?? 0, title);
  $("group-title").textContent = title;
  $("group-about").textContent = view ? `${t("people_there", { n: people().length })} · ${botThere()}` : "";
}

function botThere() {
  const { status } = group.view.bot_member;
  return t({ administrator: "bot_is_administrator", member: "bot_is_member" }[status] ?? "bot_is_absent");
}

// --- topics -----------------------------------------------------------------------------------

const lastIn = (thread) =>
  group.view.messages.findLast((message) => topicOf(message) === thread)?.message_id ?? thread ?? 0;

const lastNumber = () => group.view?.messages.at(-1)?.message_id ?? 0;

const markRead = () => group.read.set(group.thread, lastNumber());

function unreadIn(thread) {
  const seen = Math.max(group.floor, group.read.get(thread) ?? 0);
  const news = group.view.messages.filter(
    (message) => message.message_id > seen && topicOf(message) === thread,
  );
  return news.filter((m) => m.from.id !== group.speaker && !serviceSentence(m)).length;
}

// The one last written in comes first, as in Telegram; General stays at the top.
function showTopics() {
  $("topics").hidden = !isForum();
  const topics = [...group.view.topics].sort(
    (one, other) => lastIn(other.message_thread_id) - lastIn(one.message_thread_id),
  );
  const kept = new Map([...$("topics").children].map((item) => [item.dataset.thread, item]));
  const rows = [null, ...topics].map((topic) => {
    const item = kept.get(String(topic?.message_thread_id ?? "")) ?? newTopic(topic);
    fillTopic(item, topic);
    return item;
  });
  // Moved only when the order is another: a row taken out under the finger would lose the tap.
  const same = rows.length === kept.size && rows.every((row, i) => $("topics").children[i] === row);
  if (!same) $("topics").replaceChildren(...rows);
  const threads = [null, ...topics.map((topic) => topic.message_thread_id)];
  const all = threads.reduce((sum, thread) => sum + unreadIn(thread), 0);
  $("group-unread").textContent = String(all);
  $("group-unread").hidden = !all;
}

function newTopic(topic) {
  const thread = topic?.message_thread_id ?? null;
  const item = make("li");
  const button = make("button");
  const name = make("span", "topic-name");
  name.dir = "auto";
  item.dataset.thread = thread ?? "";
  button.type = "button";
  button.append(make("span", topic ? `dot tint-${thread % 6}` : "dot all"), name, make("span", "closed"), make("span", "badge"));
  button.addEventListener("click", () => openTopic(thread));
  item.append(button);
  return item;
}

function fillTopic(item, topic) {
  const thread = topic?.message_thread_id ?? null;
  const [, name, closed, badge] = item.firstChild.children;
  const count = unreadIn(thread);
  name.textContent = topic?.name ?? t("general");
  closed.replaceChildren(...(topic?.closed ? [icon("lock")] : []));
  closed.title = topic?.closed ? t("topic_closed") : "";
  badge.textContent = String(count);
  badge.hidden = !count;
  item.firstChild.setAttribute("aria-pressed", String(thread === group.thread));
}

function openTopic(thread) {
  group.thread = thread;
  stopReplying();
  showGroup();
}

// --- messages ---------------------------------------------------------------------------------

let drawn = ""; // which messages are, and whose stand on their own side

const toDraw = () => `${group.thread} ${group.speaker} ${isForum()}`;

function showMessages() {
  drawn = toDraw();
  markRead();
  $("group-messages").replaceChildren();
  const here = group.view.messages.filter((message) => topicOf(message) === group.thread);
  for (const message of here) showMessage(message);
  $("group-empty").hidden = here.length > 0;
  toEnd($("group-log"));
}

function showMessage(message) {
  const told = serviceSentence(message);
  const mine = message.from.id === group.speaker;
  const node = told ? make("li", "service", told) : bubble(message, { mine, group: true, act });
  put($("group-messages"), message, node);
}

// --- news -------------------------------------------------------------------------------------

let refreshing = null;
let again = false;

// News come in bursts; one question at a time, and the last answer counts.
export function refresh() {
  again = true;
  refreshing ??= reread().finally(() => (refreshing = null));
  return refreshing;
}

// All but the messages: those come one by one, and a bubble drawn anew would lose the focus.
async function reread() {
  while (again) {
    again = false;
    const { groups } = await get("state");
    const current = groups.findLast((one) => one.moved_to === null)?.chat.id;
    const { view } = group;
    if (!view || current !== view.chat.id) {
      await openGroup();
      continue;
    }
    await read(current);
    group.view.messages = view.messages;
    if (drawn !== toDraw()) {
      showGroup();
      continue;
    }
    showHead();
    showTopics();
    showComposer();
    showSettings();
  }
}

export const groupNews = {
  message: ({ chat_id: id, message }) => {
    if (id !== group.view?.chat.id) return refresh();
    const { messages } = group.view;
    const at = messages.findIndex((m) => m.message_id === message.message_id);
    if (at >= 0) messages[at] = message;
    else messages.push(message);
    if (topicOf(message) === group.thread) {
      const following = isFollowing($("group-log"));
      $("group-empty").hidden = true;
      showMessage(message);
      markRead();
      if (following || message.from.id === group.speaker) toEnd($("group-log"));
    }
    showTopics();
  },
  deleted: ({ chat_id: id, message_id: number }) => {
    if (id !== group.view?.chat.id) return;
    group.view.messages = group.view.messages.filter((m) => m.message_id !== number);
    $("group-messages").querySelector(`[data-message="${number}"]`)?.remove();
    showTopics();
  },
  topic_deleted: ({ chat_id: id, message_thread_id: thread }) => {
    if (id !== group.view?.chat.id) return;
    group.view.messages = group.view.messages.filter((m) => topicOf(m) !== thread);
  },
  group: refresh,
  chat: refresh,
  answered: ({ text }) => text && toast(text, TOAST),
};
