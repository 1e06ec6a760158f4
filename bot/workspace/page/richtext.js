// rich_text: sections, lists, preformatted text and quotes.

import { dateText } from "./dates.js";
import { h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelName, personName } from "./mrkdwn.js";

const PARTS = {
  rich_text_section: (part) => h("div", {}, part.elements.map(run)),
  rich_text_preformatted: (part) => h("pre", {}, part.elements.map(run)),
  rich_text_quote: (part) => h("blockquote", {}, part.elements.map(run)),
  rich_text_list: (part) =>
    h(part.style === "ordered" ? "ol" : "ul", { class: `indent-${part.indent || 0}`, start: (part.offset || 0) + 1 },
      part.elements.map((item) => h("li", {}, item.elements.map(run)))),
};

const RUNS = {
  text: (run) => run.text,
  link: (run) => link(run.url, run.text),
  emoji: (run) => emoji(run.name),
  user: (run) => h("span", { class: "mention" }, `@${personName(run.user_id)}`),
  channel: (run) => h("span", { class: "mention" }, `#${channelName(run.channel_id)}`),
  usergroup: (run) => h("span", { class: "mention" }, `@${run.usergroup_id}`),
  broadcast: (run) => h("span", { class: "mention" }, `@${run.range}`),
  color: (run) => h("code", {}, run.value),
  date: dated,
};

function dated({ timestamp, format, fallback, url }) {
  const shown = dateText(String(timestamp), format, fallback || "");
  return url ? link(url, shown) : shown;
}

const STYLES = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u" };

function run(one) {
  const content = (RUNS[one.type] || (() => ""))(one);
  return Object.entries(STYLES).reduce((inside, [style, tag]) => (one.style?.[style] ? h(tag, {}, inside) : inside), content);
}

export function richText(block) {
  return h("div", { class: "rich-text" }, block.elements.map((part) => (PARTS[part.type] || (() => null))(part)));
}
