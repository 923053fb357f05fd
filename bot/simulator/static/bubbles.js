// One message as a bubble. Everything people or the bot wrote goes in as text, never as HTML.

import { blob, icon, make, t, when } from "./api.js";
import { startIn } from "./links.js";

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const PLAIN_KINDS = ["voice", "photo", "video", "document"];

// Entities count in UTF-16 units, and so do JavaScript's strings.
function formatted(text, entities = [], act) {
  const cuts = new Set([0, text.length]);
  for (const { offset, length } of entities) cuts.add(offset).add(offset + length);
  const edges = [...cuts].filter((cut) => cut <= text.length).sort((a, b) => a - b);
  const whole = document.createDocumentFragment();
  for (let i = 0; i + 1 < edges.length; i++) {
    const piece = text.slice(edges[i], edges[i + 1]);
    const over = entities.filter((e) => e.offset <= edges[i] && e.offset + e.length >= edges[i + 1]);
    whole.append(over.reduceRight((node, e) => wrapped(node, e, piece, act), new Text(piece)));
  }
  return whole;
}

function wrapped(node, entity, piece, act) {
  let around;
  if (entity.type === "url" || entity.type === "text_link") {
    around = link(entity.url ?? piece, act);
  } else if (entity.type === "bot_command") {
    around = make("button", "command");
    around.dir = "ltr"; // the slash stays before the word in an Arabic sentence
    around.type = "button";
    around.addEventListener("click", () => act.say(piece));
  } else if (entity.type === "phone_number") {
    around = make("bdi", "phone");
    around.dir = "ltr";
  } else {
    around = make(TAGS[entity.type] ?? "span", `e-${entity.type}`);
  }
  around.append(node);
  return around;
}

function link(address, act) {
  const around = make("a");
  if (/^(https?|tg):\/\//i.test(address)) around.href = address;
  around.target = "_blank";
  around.rel = "noopener noreferrer";
  around.addEventListener("click", (event) => {
    const start = startIn(address, act.botName());
    if (!start) return;
    event.preventDefault();
    act.start(start);
  });
  return around;
}

const degrees = ({ latitude, longitude }) => `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;

function place(message) {
  const card = make("div", "place");
  const drawing = make("div", "drawing");
  drawing.append(icon("location"));
  card.append(drawing);
  if (message.venue) {
    const title = make("strong", "", message.venue.title);
    const where = make("span", "", message.venue.address);
    title.dir = where.dir = "auto";
    card.append(title, where);
  }
  const point = make("bdi", "degrees", degrees(message.location));
  point.dir = "ltr";
  card.append(point);
  return card;
}

function contact({ first_name, last_name, phone_number }) {
  const card = make("div", "attached");
  const name = make("strong", "", [first_name, last_name].filter(Boolean).join(" "));
  const number = make("bdi", "phone", phone_number.replace(/^\+?/, "+"));
  name.dir = "auto";
  number.dir = "ltr";
  const lines = make("div");
  lines.append(name, number);
  card.append(icon("contact"), lines);
  return card;
}

function attached(kind, content) {
  if (kind === "photo") return picture(content.at(-1));
  return file(kind, content);
}

function file(kind, content) {
  const card = make("div", "attached");
  const name = make("strong", "", content.file_name ?? t(kind));
  name.dir = "auto";
  const lines = make("div");
  lines.append(name);
  card.append(icon(kind), lines);
  if (kind !== "document") return card;
  const save = make("button", "command", t("save"));
  save.type = "button";
  save.addEventListener("click", () => download(content));
  lines.append(save);
  return card;
}

function picture({ file_id, width, height }) {
  const image = make("img", "picture");
  image.width = width;
  image.height = height;
  image.alt = t("photo");
  blob(`files/${encodeURIComponent(file_id)}`).then(
    (found) => (image.src = URL.createObjectURL(found)),
    () => image.replaceWith(file("photo", {})),
  );
  return image;
}

async function download({ file_id, file_name }) {
  const found = URL.createObjectURL(await blob(`files/${encodeURIComponent(file_id)}`));
  const away = make("a");
  away.href = found;
  away.download = file_name ?? "file";
  away.click();
  URL.revokeObjectURL(found);
}

function content(message, act) {
  if (message.text !== undefined) {
    const text = make("div", "text");
    text.dir = "auto";
    text.append(formatted(message.text, message.entities, act));
    return text;
  }
  if (message.location) return place(message);
  if (message.contact) return contact(message.contact);
  if (message.sticker) return make("div", "sticker", message.sticker.emoji ?? "🙂");
  const kind = PLAIN_KINDS.find((name) => message[name]);
  const whole = make("div");
  whole.append(kind ? attached(kind, message[kind]) : attached("other", {}));
  if (message.caption) {
    const caption = make("div", "text");
    caption.dir = "auto";
    caption.append(formatted(message.caption, message.caption_entities, act));
    whole.append(caption);
  }
  return whole;
}

function buttons(message, act) {
  const rows = make("div", "inline-keyboard");
  for (const row of message.reply_markup.inline_keyboard) {
    const line = make("div", "row");
    for (const button of row) {
      const node = button.url ? link(button.url, act) : make("button");
      node.append(document.createTextNode(button.text));
      node.dir = "auto";
      if (!button.url) {
        node.type = "button";
        node.addEventListener("click", () => act.press(message, button, node));
      }
      line.append(node);
    }
    rows.append(line);
  }
  return rows;
}

function word(label, does) {
  const node = make("button", "command", label);
  node.type = "button";
  node.addEventListener("click", does);
  return node;
}

export function bubble(message, { mine, group, act }) {
  const item = make("li", mine ? "mine" : "theirs");
  item.dataset.message = message.message_id;
  const body = make("div", "bubble");
  if (message.sticker) body.classList.add("bare");
  if (group && !mine) {
    const author = make("strong", "author", message.from.first_name);
    author.dir = "auto";
    body.append(author);
  }
  const quoted = message.reply_to_message;
  if (quoted && !quoted.forum_topic_created) {
    const quote = make("div", "quote", excerpt(quoted));
    quote.dir = "auto";
    body.append(quote);
  }
  const foot = make("div", "foot");
  if (act.edit && mine && message.text !== undefined) {
    foot.append(word(t("edit"), () => act.edit(message)));
  }
  if (act.reply) {
    foot.append(word(t("reply"), () => act.reply(message)));
    body.addEventListener("click", (event) => {
      if (!event.target.closest("a, button") && !String(getSelection())) act.reply(message);
    });
  }
  if (message.edit_date) foot.append(make("span", "", t("edited")));
  const hour = make("time", "", when(message.date * 1000, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }));
  foot.append(hour);
  body.append(content(message, act), foot);
  item.append(body);
  if (message.reply_markup?.inline_keyboard) item.append(buttons(message, act));
  return item;
}

export function excerpt(message) {
  if (!message) return "";
  const kinds = ["location", "contact", "sticker", ...PLAIN_KINDS];
  return message.text ?? message.venue?.title ?? message.caption ?? t(kinds.find((k) => message[k]) ?? "other");
}
