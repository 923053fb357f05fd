// What happened in a group, in words: service messages.

import { t } from "./api.js";

const names = (people) => people.map((person) => person.first_name).join(", ");

const SENTENCES = {
  group_chat_created: (_, message) => t("service_group", { who: names([message.from]) }),
  supergroup_chat_created: (_, message) => t("service_group", { who: names([message.from]) }),
  new_chat_members: (people) => t("service_joined", { who: names(people) }),
  left_chat_member: (person) => t("service_left", { who: names([person]) }),
  forum_topic_created: ({ name }) => t("service_topic", { topic: name }),
  forum_topic_edited: ({ name }) => t("service_renamed", { topic: name ?? "" }),
  forum_topic_closed: () => t("service_closed"),
  forum_topic_reopened: () => t("service_reopened"),
  migrate_to_chat_id: () => t("service_moved"),
  migrate_from_chat_id: () => t("service_moved"),
};

// Empty for what somebody wrote.
export function serviceSentence(message) {
  const kind = Object.keys(SENTENCES).find((name) => message[name] !== undefined);
  return kind ? SENTENCES[kind](message[kind], message) : "";
}
