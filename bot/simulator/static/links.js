// Links to the bot: a phone opens its chat and starts it with what the link carries.

const LINK = /^(?:https?:\/\/)?t\.me\/(\w+)\?start=([\w-]{1,64})$/i;

export function startIn(address, botName) {
  const [, name, start] = LINK.exec(address) ?? [];
  return name?.toLowerCase() === botName.toLowerCase() ? start : null;
}

export const startTyped = (text, botName) => (/^[\w-]{1,64}$/.test(text) ? text : startIn(text, botName));
