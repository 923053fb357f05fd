// Where members of the group write: who speaks, what is answered, files and commands.

import { icon, make, t } from "./api.js";
import { excerpt } from "./bubbles.js";
import { addMenus, closeMenus, fit } from "./composer.js";
import { act, group, inGroup, people, speakAs } from "./group.js";

const $ = (id) => document.getElementById(id);
const ROLES = { creator: "creator", administrator: "administrator" };
let answered = null;

export function startReplying(message) {
  answered = message.message_id;
  $("replying-to").textContent = message.from.first_name;
  $("replied-text").textContent = excerpt(message);
  $("replying").hidden = false;
  $("group-text").focus();
}

export function stopReplying() {
  answered = null;
  $("replying").hidden = true;
}

export const nameOf = ({ user, status }) =>
  status in ROLES ? `${user.first_name} (${t(ROLES[status])})` : user.first_name;

export function showComposer() {
  const speakers = people();
  const chosen = speakers.map((member) => new Option(nameOf(member), String(member.user.id)));
  $("speaker").replaceChildren(...chosen);
  $("speaker").value = String(group.speaker);
  $("group-composer").hidden = !speakers.length;
  showCommands();
}

function showCommands() {
  $("group-commands").hidden = !group.view.commands.length;
  $("group-commands-menu").replaceChildren();
  for (const { command, description } of group.view.commands) {
    const node = make("button");
    const name = make("bdi", "command-name", `/${command}`);
    const words = make("span", "", description);
    name.dir = "ltr";
    words.dir = "auto";
    node.type = "button";
    node.append(name, words);
    node.addEventListener("click", () => begin(command));
    $("group-commands-menu").append(node);
  }
}

// Staff's commands often take words after them: it is for them to send it.
function begin(command) {
  closeMenus();
  $("group-text").value = `/${command} `;
  $("group-text").focus();
}

async function send() {
  const field = $("group-text");
  const text = field.value;
  if (!text.trim()) return;
  const replyTo = answered;
  field.value = "";
  fit(field);
  const sent = await act.say(text, replyTo);
  if (!sent && !field.value) field.value = text;
}

// What is written goes below the file, a command as well.
async function sendFile(file) {
  const field = $("group-text");
  const caption = field.value;
  const content = await inBase64(file);
  const kind = /^image\/(png|jpeg)$/.test(file.type) ? "photo" : "document";
  const body = { kind, name: file.name, content, caption, ...(answered ? { reply_to: answered } : {}) };
  if (file.type) body.mime_type = file.type;
  if (await act.send("file", body)) field.value = "";
}

const inBase64 = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

export function setUpGroupComposer() {
  addMenus({ "group-commands": "group-commands-menu", "group-attach": "group-attach-menu" });
  $("group-composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  $("group-text").addEventListener("input", (event) => fit(event.target));
  $("group-text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") stopReplying();
  });
  $("stop-replying").addEventListener("click", stopReplying);
  $("speaker").addEventListener("change", () => inGroup(() => speakAs(Number($("speaker").value))));
  for (const node of document.querySelectorAll("[data-send]")) {
    const kind = node.dataset.send;
    node.addEventListener("click", () => {
      if (kind === "file") $("group-file").click();
      else act.send("other", { kind, ...(answered ? { reply_to: answered } : {}) });
    });
  }
  $("group-file").addEventListener("change", async () => {
    const [file] = $("group-file").files;
    $("group-file").value = "";
    if (file) await inGroup(() => sendFile(file));
  });
}

export function labelGroupMenus() {
  for (const node of document.querySelectorAll("[data-send]")) {
    const name = node.dataset.send === "file" ? "a_file" : node.dataset.send;
    node.replaceChildren(icon(node.dataset.icon), make("span", "", t(name)));
  }
}
