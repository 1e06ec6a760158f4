// The messages of a channel and of a thread.

import { blocks } from "./blocks.js";
import { dayName, dayOf, full, now, time, zone } from "./dates.js";
import { h, reconcile } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { call, fileAddress, state } from "./transport.js";

const JOINED_S = 300;
const PICTURE = /^image\/(png|jpeg|gif|webp)$/;

export function showMessages(parent, list, options) {
  const atEnd = parent.scrollHeight - parent.scrollTop - parent.clientHeight < 80;
  const rows = list.flatMap((message, index) => {
    const before = list[index - 1];
    const begins = !before || dayOf(message.ts) !== dayOf(before.ts);
    const entry = item(message, { ...options, joined: !begins && joins(message, before) });
    return begins ? [day(message.ts), entry] : [entry];
  });
  const changed = reconcile(parent, options.earlier ? [earlier(options), ...rows] : rows);
  if (changed && (atEnd || !parent.dataset.seen)) parent.scrollTop = parent.scrollHeight;
  parent.dataset.seen = "yes";
}

// What someone says soon after their last message stands under the same name.
function joins(message, before) {
  const soon = message.ts - before.ts < JOINED_S;
  return soon && message.user === before.user && !message.is_ephemeral && !before.is_ephemeral && !before.reply_count;
}

function earlier({ earlier: count, showEarlier }) {
  const make = () => h("div", { class: "earlier" }, h("button", { type: "button", onclick: showEarlier }, `Show earlier messages (${count})`));
  return { key: "earlier", content: String(count), make };
}

// Where a day begins, its name stands between the messages.
function day(ts) {
  const name = dayName(ts);
  return { key: `day ${dayOf(ts)}`, content: name, make: () => h("div", { class: "day", role: "separator", "aria-label": name }, h("span", {}, name)) };
}

function item(message, options) {
  const content = JSON.stringify(message);
  const dated = /!date\^|"type":"date"/.test(content) && dayOf(now());
  return { key: message.ts, content: [content, state.screen.shortcuts.length, zone(), dated, options.joined].join(" "), make: () => row(message, options) };
}

function row(message, options) {
  const author = state.screen.people.find((one) => one.id === message.user);
  const name = author?.real_name || message.user;
  const surface = { address: { channel: message.channel, message_ts: message.ts }, values: message.values };
  const kind = [message.is_ephemeral && "ephemeral", options.joined && "joined"].filter(Boolean).join(" ");
  const said = h("time", { datetime: new Date(message.ts * 1000).toISOString(), title: full(message.ts) }, time(message.ts));
  const article = h("article", { class: `message ${kind}`, "aria-label": `${name}, ${time(message.ts)}` },
    message.is_ephemeral && h("div", { class: "only-you" }, "👁 Only visible to you"),
    options.joined || h("div", { class: `avatar hue-${hue(name)}`, "aria-hidden": "true" }, author?.id === state.screen.app.user_id ? "🧮" : name[0]),
    h("div", { class: "content" },
      options.joined || h("header", {}, h("strong", {}, name), author?.is_bot && h("span", { class: "badge" }, "APP"), said),
      body(message, surface),
      message.edited && h("span", { class: "muted" }, "(edited)"),
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
  const address = fileAddress(new URL(one.url_private).pathname);
  if (PICTURE.test(one.mimetype)) return h("a", { href: address.href, download: one.name }, h("img", { class: "shared", src: address.href, alt: one.alt_txt || one.title }));
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
