// Block Kit's blocks as elements.

import { chart } from "./chart.js";
import { h, link } from "./dom.js";
import { element } from "./elements.js";
import { markdown, text } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";
import { fileAddress } from "./transport.js";

export function blocks(list, surface) {
  return list.map((block) => {
    const make = MAKERS[block.type];
    const inside = make ? make(block, surface) : h("span", { class: "unsupported" }, `[${block.type}]`);
    return h("div", { class: `block ${block.type}` }, inside);
  });
}

function section(block, surface) {
  const words = h("div", { class: "words" },
    block.text && h("div", {}, text(block.text)),
    block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", {}, text(field)))));
  if (!block.accessory) return words;
  const beside = block.accessory.type === "image" ? image(block.accessory) : element(surface, block, block.accessory);
  return [words, h("div", { class: "accessory" }, beside)];
}

function context(block) {
  return block.elements.map((item) => (item.type === "image" ? image(item) : h("span", {}, text(item))));
}

function actions(block, surface) {
  return block.elements.map((item) => element(surface, block, item));
}

function input(block, surface) {
  const error = surface.errors?.[block.block_id];
  const grouped = /checkboxes|radio_buttons|multi_(static|users|channels|conversations)/.test(block.element.type);
  const control = element(surface, block, block.element);
  const id = `about-${block.block_id}`;
  const target = control.matches("input, textarea, select") ? control : control.querySelector("input, textarea, select");
  if ((error || block.hint) && target) target.setAttribute("aria-describedby", id);
  if (error && target) target.setAttribute("aria-invalid", "true");
  return [
    h(grouped ? "div" : "label", { class: "label", for: grouped ? null : `field-${block.block_id}` },
      text(block.label), block.optional && h("span", { class: "optional" }, " (optional)")),
    control,
    h("div", { id }, error && h("div", { class: "error", role: "alert" }, `⚠ ${error}`), block.hint && h("div", { class: "hint" }, text(block.hint))),
  ];
}

// Pictures of this workspace are shown. Those from elsewhere are named, not fetched: this page asks nothing of the network.
function image(item) {
  const title = item.title ? item.title.text : item.alt_text;
  const path = item.slack_file?.id ? `/files/${item.slack_file.id}/picture` : ownPath(item.image_url || item.slack_file?.url || "");
  if (path) return h("img", { src: fileAddress(path).href, alt: item.alt_text, title });
  return h("span", { class: "picture", role: "img", "aria-label": item.alt_text }, "🖼 ", item.image_url ? link(item.image_url, title) : title);
}

function ownPath(address) {
  const { origin, pathname } = URL.canParse(address) ? new URL(address) : {};
  return origin === location.origin && pathname.startsWith("/files/") ? pathname : "";
}

function card(block, surface) {
  return h("div", { class: "card-box" },
    block.hero_image && image(block.hero_image),
    block.title && h("strong", {}, text(block.title)),
    block.subtitle && h("div", { class: "muted" }, text(block.subtitle)),
    block.body && h("div", {}, text(block.body)),
    block.actions && h("div", { class: "block actions" }, block.actions.map((item) => element(surface, block, item))));
}

function container(block, surface) {
  const title = block.title ? text(block.title) : "Details";
  const inside = blocks(block.child_blocks, surface);
  if (!block.is_collapsible) return h("div", { class: "card-box" }, h("strong", {}, title), inside);
  return h("details", { class: "card-box", open: !block.default_collapsed }, h("summary", {}, title), inside);
}

const MAKERS = {
  section, context, actions, input, card, container, image, table,
  context_actions: actions,
  header: (block) => h("h2", {}, text(block.text)),
  divider: () => h("hr"),
  markdown: (block) => markdown(block.text),
  rich_text: richText,
  data_table: dataTable,
  data_visualization: chart,
  video: (block) => h("div", { class: "card-box" }, h("strong", {}, "▶ ", text(block.title)), " ", link(block.video_url, block.alt_text)),
  file: (block) => h("div", { class: "card-box" }, `📄 ${block.external_id}`),
  alert: (block) => h("div", { class: `alert-box ${block.level || "default"}`, role: "note" }, text(block.text)),
  carousel: (block, surface) => block.elements.map((one) => card(one, surface)),
};
