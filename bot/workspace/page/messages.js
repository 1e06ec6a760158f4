// The messages of a channel and of a thread.

import { blocks } from "./blocks.js";
import { dayName, dayOf, full, now, time, zone } from "./dates.js";
import { h, reconcile } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { call, state, token } from "./transport.js";

export function showMessages(parent, list, options) {
  const atEnd = parent.scrollHeight - parent.scrollTop - parent.clientHeight < 80;
  const changed = reconcile(parent, list.flatMap((message, index) => {
    const begins = !index || dayOf(message.ts) !== dayOf(list[index - 1].ts);
    return begins ? [day(message.ts), item(message, options)] : [item(message, options)];
  }));
  if (changed && (atEnd || !parent.dataset.seen)) parent.scrollTop = parent.scrollHeight;
  parent.dataset.seen = "yes";
}

// Where a day begins, its name stands between the messages.
function day(ts) {
  const name = dayName(ts);
  return { key: `day ${dayOf(ts)}`, content: name, make: () => h("div", { class: "day", role: "separator", "aria-label": name }, h("span", {}, name)) };
}

function item(message, options) {
  const content = JSON.stringify(message);
  const dated = /!date\^|"type":"date"/.test(content) && dayOf(now());
  return { key: message.ts, content: [content, state.screen.shortcuts.length, zone(), dated].join(" "), make: () => row(message, options) };
}

function row(message, options) {
  const author = state.screen.people.find((one) => one.id === message.user);
  const name = author?.real_name || message.user;
  const surface = { address: { channel: message.channel, message_ts: message.ts }, values: message.values };
  const article = h("article", { class: `message${message.is_ephemeral ? " ephemeral" : ""}` },
    message.is_ephemeral && h("div", { class: "only-you" }, "👁 Only visible to you"),
    h("div", { class: `avatar hue-${hue(name)}`, "aria-hidden": "true" }, author?.id === state.screen.app.user_id ? "🧮" : name[0]),
    h("div", { class: "content" },
      h("header", {}, h("strong", {}, name), author?.is_bot && h("span", { class: "badge" }, "APP"),
        h("time", { datetime: new Date(message.ts * 1000).toISOString(), title: full(message.ts) }, time(message.ts)), message.edited && h("span", { class: "muted" }, "(edited)")),
      body(message, surface),
      (message.files || []).map(file),
      replies(message, options)),
    tools(message, options));
  return article;
}

function body(message, surface) {
  if (message.blocks?.length) return blocks(message.blocks, surface);
  return message.text ? h("div", { class: "block words" }, mrkdwn(message.text)) : null;
}

function file(one) {
  const address = new URL(new URL(one.url_private).pathname, location.origin);
  address.searchParams.set("token", token);
  return h("a", { class: "file", href: address.href, download: one.name }, "📄 ", h("span", {}, one.title), h("small", {}, `${one.filetype.toUpperCase()} · ${one.size} bytes`));
}

function replies(message, { openThread, inThread }) {
  if (inThread || !message.reply_count) return null;
  const label = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  return h("button", { type: "button", class: "link", onclick: () => openThread(message.ts) }, label);
}

function tools(message, { openThread, inThread }) {
  if (message.is_ephemeral) return null;
  const shortcuts = state.screen.shortcuts.filter((one) => one.type === "message");
  const run = (shortcut) => (event) => {
    event.currentTarget.closest("details").open = false;
    call("shortcut", { callback_id: shortcut.callback_id, channel: message.channel, message_ts: message.ts });
  };
  return h("div", { class: "message-tools" },
    !inThread && h("button", { type: "button", class: "ghost", "aria-label": "Reply in thread", title: "Reply in thread", onclick: () => openThread(message.thread_ts || message.ts) }, "💬"),
    shortcuts.length > 0 && h("details", { class: "overflow" }, h("summary", { "aria-label": "Message shortcuts" }, "⋮"),
      h("div", { class: "menu", role: "menu" }, shortcuts.map((one) => h("button", { type: "button", role: "menuitem", onclick: run(one) }, one.name)))));
}

const hue = (name) => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6;
