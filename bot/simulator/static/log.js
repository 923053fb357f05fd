// A list of messages, with the days between them.

import { make, when } from "./api.js";

const dayOf = (message) => when(message.date * 1000, { dateStyle: "full" });

// A message that is there already is changed in place; a new one goes to the end.
export function put(list, message, node) {
  node.dataset.message = message.message_id;
  const old = list.querySelector(`[data-message="${message.message_id}"]`);
  if (old) return old.replaceWith(node);
  const day = dayOf(message);
  if (list.dataset.day !== day || !list.children.length) {
    list.append(make("li", "day", day));
    list.dataset.day = day;
  }
  list.append(node);
}

export const isFollowing = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 120;

export const toEnd = (log) => (log.scrollTop = log.scrollHeight);
