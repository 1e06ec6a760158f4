// Slack's mrkdwn, and the plainer part of Markdown, as elements.

import { dateText } from "./dates.js";
import { h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { state } from "./transport.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const INLINE = [
  [/^```\n?([\s\S]+?)```/, (m) => h("pre", {}, decode(m[1]))],
  [/^`([^`\n]+)`/, (m) => h("code", {}, decode(m[1]))],
  [/^<([^<>]+)>/, (m) => reference(m[1])],
  [/^\*(?=\S)((?:<[^<>\n]+>|<(?![^<>\n]+>)|[^*<\n])+)(?<!\s)\*(?![\w*])/, (m) => h("strong", {}, inline(m[1]))],
  [/^_(?=\S)((?:<[^<>\n]+>|<(?![^<>\n]+>)|[^_<\n])+)(?<!\s)_(?!\w)/, (m) => h("em", {}, inline(m[1]))],
  [/^~(?=\S)([^~\n]*[^~\s])~(?!\w)/, (m) => h("s", {}, inline(m[1]))],
  [/^:([a-z0-9_+'-]+)(?:::skin-tone-\d)?:/, (m) => emoji(m[1])],
  [/^https?:\/\/[^\s<>]+[^\s<>.,;:!?)]/, (m) => link(decode(m[0]))],
];

export function decode(text) {
  return text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

export function mrkdwn(text) {
  return lines(text.replaceAll("\r", ""));
}

// Lines that begin with > are quoted; the rest is inline.
function lines(text) {
  const nodes = [];
  const parts = text.split(/(```[\s\S]*?```)/);
  for (const part of parts) {
    if (part.startsWith("```")) nodes.push(...inline(part));
    else nodes.push(...quoted(part));
  }
  return nodes;
}

function quoted(text) {
  const nodes = [];
  let open = null;
  text.split("\n").forEach((line, index, all) => {
    const quote = line.match(/^(?:&gt;|>)\s?(.*)$/);
    if (quote) {
      if (!open) nodes.push((open = h("blockquote", {})));
      else open.append(h("br"));
      open.append(...inline(quote[1]));
    } else {
      open = null;
      nodes.push(...inline(line));
      if (index < all.length - 1 && !/^(?:&gt;|>)/.test(all[index + 1])) nodes.push(h("br"));
    }
  });
  return nodes;
}

function inline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(document.createTextNode(decode(plain)));
    plain = "";
  };
  for (let rest = text, before = ""; rest; ) {
    const atWord = !/\w$/.test(before);
    const [found, make] = match(rest, atWord);
    if (found) {
      flush();
      nodes.push(make(found));
    } else plain += rest[0];
    const taken = found ? found[0].length : 1;
    before = rest.slice(0, taken);
    rest = rest.slice(taken);
  }
  flush();
  return nodes;
}

function match(text, atWord) {
  for (const [pattern, make] of INLINE) {
    if (!atWord && /^\^[*_~:h]/.test(pattern.source.replace("\\", ""))) continue;
    const found = text.match(pattern);
    if (found) return [found, make];
  }
  return [null, null];
}

function reference(inside) {
  const [target, label] = inside.split("|");
  if (target.startsWith("@")) return mention(`@${label || personName(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${label || channelName(target.slice(1))}`);
  if (target.startsWith("!date^")) return dated(target, decode(label || ""));
  if (target.startsWith("!")) return mention(`@${target.slice(1).split("^")[0]}`);
  return link(decode(target), label && decode(label));
}

function dated(target, fallback) {
  const [, ts, format, address] = target.split("^");
  const shown = dateText(ts, decode(format || ""), fallback);
  return address ? link(decode(address), shown) : document.createTextNode(shown);
}

const mention = (text) => h("span", { class: "mention" }, text);
export const personName = (id) => state.screen.people.find((one) => one.id === id)?.name || id;
export const channelName = (id) => state.screen.channels.find((one) => one.id === id)?.name || id;

// A text object of Block Kit.
export function text(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return object.text.split(/(:[a-z0-9_+-]+:)/).map((part) => (/^:[^:]+:$/.test(part) ? emoji(part.slice(1, -1)) : part));
}

// Markdown as the markdown block has it: headings, lists, fences, bold, links.
export function markdown(source) {
  return source.split(/(```[\s\S]*?```)/).flatMap((part) => {
    const fence = part.match(/^```\w*\n?([\s\S]*?)```$/);
    return fence ? [h("pre", {}, fence[1])] : part.split("\n").map(markdownLine);
  });
}

function markdownLine(line) {
  const heading = line.match(/^(#{1,6})\s+(.*)$/);
  if (heading) return h("div", { class: "md-heading" }, markdownInline(heading[2]));
  const item = line.match(/^\s*(?:[-*]|(\d+)\.)\s+(.*)$/);
  if (item) return h("div", { class: "md-item" }, `${item[1] ? `${item[1]}.` : "•"} `, markdownInline(item[2]));
  return line.trim() ? h("p", {}, markdownInline(line)) : null;
}

function markdownInline(line) {
  return line.split(/(\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\([^)]+\)|\*[^*]+\*)/).map((part) => {
    const linked = part.match(/^\[([^\]]+)\]\(([^)]+)\)$/);
    if (linked) return link(linked[2], linked[1]);
    if (/^\*\*.+\*\*$/.test(part)) return h("strong", {}, part.slice(2, -2));
    if (/^`.+`$/.test(part)) return h("code", {}, part.slice(1, -1));
    return /^\*.+\*$/.test(part) ? h("em", {}, part.slice(1, -1)) : part;
  });
}
