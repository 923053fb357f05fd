// How the group is set up: who is in it, what the bot may, and what becomes of topics.

import { avatar, get, make, post, t } from "./api.js";
import { group, inGroup, openGroup, people, setUp, showGroup } from "./group.js";
import { nameOf } from "./group_composer.js";

const $ = (id) => document.getElementById(id);

// The office: its administrator, who makes the group, and two agents.
const STAFF = [
  { first_name: "Farida", language_code: "fr" },
  { first_name: "Karim", language_code: "fr" },
  { first_name: "ليلى", language_code: "ar" },
];

async function makeGroup() {
  const { users, bot } = await get("state");
  const numbers = [];
  for (const one of STAFF) {
    const known = users.find((user) => user.first_name === one.first_name);
    numbers.push((known ?? (await post("users", one))).id);
  }
  const [creator, ...others] = numbers;
  const body = { title: t("group_title"), creator_id: creator, people: others, forum: true };
  const made = await post("groups", body);
  const place = `chats/${made.chat.id}`;
  await post(`${place}/add`, { member_id: bot.id });
  await post(`${place}/promote`, { member_id: bot.id });
  await openGroup();
}

export function showSettings() {
  if (group.changing) return;
  const { view } = group;
  const { status, can_manage_topics: managing } = view.bot_member;
  const here = status === "member" || status === "administrator";
  const head = status === "administrator";
  $("topics-on").checked = Boolean(view.chat.is_forum);
  $("bot-here").checked = here;
  $("bot-head").checked = head;
  $("bot-head").disabled = !here;
  $("bot-topics").checked = Boolean(managing);
  $("bot-topics").disabled = !head || view.chat.type === "group";
  if (document.activeElement !== $("limit").elements.per_minute) {
    $("limit").elements.per_minute.value = view.per_minute;
  }
  $("upgrade").hidden = view.chat.type !== "group";
  $("new-topic-section").hidden = !view.chat.is_forum;
  showTopic();
  showMembers();
  inGroup(showStrangers);
}

function showTopic() {
  const topic = group.view.topics.find((one) => one.message_thread_id === group.thread);
  $("this-topic").hidden = !topic;
  if (!topic) return;
  $("this-topic-name").textContent = t("this_topic", { name: topic.name });
  $("toggle-topic").textContent = t(topic.closed ? "reopen_topic" : "close_topic");
}

function showMembers() {
  $("members").replaceChildren(
    ...people().map((member) => {
      const item = make("li");
      const name = make("span", "", nameOf(member));
      name.dir = "auto";
      item.append(avatar(make("span"), member.user.id, member.user.first_name), name);
      if (member.status !== "creator") {
        const away = make("button", "command", t("remove"));
        away.type = "button";
        away.addEventListener("click", () => setUp("remove", { member_id: member.user.id }));
        item.append(away);
      }
      return item;
    }),
  );
}

async function showStrangers() {
  const { users } = await get("state");
  const there = new Set(people().map(({ user }) => user.id));
  const others = users.filter((user) => !there.has(user.id));
  const field = $("join").elements.person;
  const chosen = field.value;
  field.replaceChildren(...others.map((user) => new Option(user.first_name, String(user.id))));
  if (others.some((user) => String(user.id) === chosen)) field.value = chosen;
  $("join").hidden = !others.length;
}

const botId = () => group.view.bot.id;

function setUpBot() {
  $("bot-here").addEventListener("change", () =>
    setUp($("bot-here").checked ? "add" : "remove", { member_id: botId() }),
  );
  $("bot-head").addEventListener("change", () =>
    setUp($("bot-head").checked ? "promote" : "demote", { member_id: botId() }),
  );
  $("bot-topics").addEventListener("change", () =>
    setUp("promote", { member_id: botId(), can_manage_topics: $("bot-topics").checked }),
  );
}

function setUpTopics() {
  $("topics-on").addEventListener("change", () => setUp("topics", { on: $("topics-on").checked }));
  $("new-topic").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name } = event.target.elements;
    if (await setUp("open_topic", { name: name.value })) event.target.reset();
  });
  $("toggle-topic").addEventListener("click", () => {
    const topic = group.view.topics.find((one) => one.message_thread_id === group.thread);
    setUp(topic.closed ? "reopen_topic" : "close_topic", { thread: group.thread });
  });
  $("delete-topic").addEventListener("click", () => setUp("delete_topic", { thread: group.thread }));
}

export function setUpGroupSettings() {
  $("make-group").addEventListener("click", async () => {
    $("make-group").disabled = true;
    await inGroup(makeGroup);
    $("make-group").disabled = false;
  });
  $("group-more").addEventListener("click", () => {
    const opening = $("group-settings").hidden;
    $("group-settings").hidden = !opening;
    $("group-more").setAttribute("aria-expanded", String(opening));
    showGroup();
  });
  setUpBot();
  setUpTopics();
  $("upgrade").addEventListener("click", () => setUp("upgrade"));
  $("limit").addEventListener("submit", (event) => {
    event.preventDefault();
    setUp("limit", { per_minute: event.target.elements.per_minute.valueAsNumber });
  });
  $("join").addEventListener("submit", (event) => {
    event.preventDefault();
    setUp("add", { member_id: Number(event.target.elements.person.value) });
  });
}
