// Interactive elements: buttons, menus, choices, dates and text fields.

import { combobox } from "./combobox.js";
import { fromWall, toWall } from "./dates.js";
import { h } from "./dom.js";
import { fileInput } from "./files.js";
import { text } from "./mrkdwn.js";
import { call, state } from "./transport.js";

// A surface is {address, values}: where an element stands, and what has been entered there.
export function element(surface, block, item) {
  const make = MAKERS[item.type];
  const node = make ? make({ surface, block, item }) : h("span", { class: "unsupported" }, `[${item.type}]`);
  node.dataset.at = `${block.block_id}/${item.action_id}`;
  return node;
}

async function act({ surface, block, item }, value) {
  if (item.confirm && !(await confirmed(item.confirm))) return;
  const where = { ...surface.address, block_id: block.block_id, action_id: item.action_id };
  return call("act", async () => ({ ...where, value: await value }));
}

function entered({ surface, block, item }) {
  return surface.values?.[block.block_id]?.[item.action_id] || {};
}

export function confirmed(confirm) {
  const dialog = document.getElementById("confirm");
  const done = (answer) => () => dialog.close(answer);
  const style = confirm.style === "danger" ? "danger" : "primary";
  dialog.replaceChildren(
    h("h2", {}, text(confirm.title)),
    h("div", { class: "confirm-text" }, text(confirm.text)),
    h("div", { class: "buttons" },
      h("button", { type: "button", onclick: done("") }, confirm.deny ? text(confirm.deny) : "Cancel"),
      h("button", { type: "button", class: style, onclick: done("yes") }, confirm.confirm ? text(confirm.confirm) : "Yes")),
  );
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

function button(at) {
  const { item } = at;
  const press = async (event) => {
    const pressed = event.currentTarget;
    pressed.disabled = true;
    if (item.url && /^https?:/i.test(item.url)) window.open(item.url, "_blank", "noopener");
    await act(at);
    pressed.disabled = false;
  };
  const label = item.accessibility_label || null;
  return h("button", { type: "button", class: item.style || "", "aria-label": label, onclick: press }, text(item.text));
}

function feedback(at) {
  const side = (one) => h("button", { type: "button", class: "ghost", "aria-label": one.accessibility_label || null, onclick: () => act(at, one.value) }, text(one.text));
  return h("span", {}, side(at.item.positive_button), side(at.item.negative_button));
}

function overflow(at) {
  const pick = (option) => (event) => {
    event.currentTarget.closest("details").open = false;
    act(at, option.value);
  };
  const entries = at.item.options.map((option) => h("button", { type: "button", role: "menuitem", onclick: pick(option) }, text(option.text)));
  return h("details", { class: "overflow" }, h("summary", { "aria-label": "More actions" }, "⋯"), h("div", { class: "menu", role: "menu" }, entries));
}

const groups = (item) => item.option_groups || [{ options: item.options || [] }];

function select(at, listed) {
  const chosen = entered(at);
  const now = chosen.selected_option?.value ?? chosen.selected_user ?? chosen.selected_channel ?? chosen.selected_conversation ?? "";
  const placeholder = h("option", { value: "" }, at.item.placeholder?.text || "Choose an option");
  const made = listed.map(({ label, options }) => {
    const entries = options.map((one) => h("option", { value: one.value }, one.text));
    return label ? h("optgroup", { label }, entries) : entries;
  });
  const node = h("select", { ...named(at), onchange: (event) => act(at, event.target.value) }, placeholder, made);
  node.value = now;
  return node;
}

function staticSelect(at) {
  return select(at, groups(at.item).map((group) => ({ label: group.label?.text, options: group.options.map(plain) })));
}

const plain = (option) => ({ value: option.value, text: option.text.text });

function people() {
  return state.screen.people.filter((one) => one.can_act).map((one) => ({ value: one.id, text: one.real_name }));
}

function channels() {
  return state.screen.channels.filter((one) => one.kind !== "im" && !one.is_archived).map((one) => ({ value: one.id, text: `#${one.name}` }));
}

const named = ({ block, item }) => ({ id: block.type === "input" ? `field-${block.block_id}` : null, "aria-label": block.type === "input" ? null : item.placeholder?.text || item.action_id });

// A list of ticks stands for checkboxes and for every multi-select whose choices are known.
function ticks(at, options, kind = "checkbox") {
  const chosen = entered(at);
  const now = new Set([
    ...(chosen.selected_options || []).map((one) => one.value),
    ...(chosen.selected_users || chosen.selected_channels || chosen.selected_conversations || []),
    ...(chosen.selected_option ? [chosen.selected_option.value] : []),
  ]);
  const box = h("div", { class: "ticks", role: "group", "aria-label": at.block.label?.text || at.item.action_id });
  const changed = () => {
    const values = [...box.querySelectorAll("input:checked")].map((one) => one.value);
    act(at, kind === "radio" ? values[0] : values);
  };
  const name = `${at.block.block_id}/${at.item.action_id}`;
  box.append(...options.map((one) =>
    h("label", {}, h("input", { type: kind, name, value: one.value, checked: now.has(one.value), onchange: changed }),
      h("span", {}, one.label || one.text, one.description && h("small", {}, one.description)))));
  return box;
}

const labelled = (option) => ({ value: option.value, label: text(option.text), description: option.description && text(option.description) });

// A text field enters its value when it loses focus; Enter in a single line does so too.
function field(type, more = {}) {
  return (at) => {
    const { item } = at;
    const multiline = type === "text" && item.multiline;
    const attributes = {
      ...named(at), ...more, type: multiline ? null : type, rows: multiline ? 5 : null,
      value: entered(at).value ?? entered(at)[more.key] ?? "", placeholder: item.placeholder?.text,
      maxlength: item.max_length || null, min: item.min_value, max: item.max_value,
      autofocus: item.focus_on_load || false, key: null, onchange: (event) => act(at, event.target.value),
    };
    if (type === "number") Object.assign(attributes, { type: "text", inputmode: "decimal" });
    return h(multiline ? "textarea" : "input", attributes);
  };
}

function moment(at) {
  const seconds = entered(at).selected_date_time;
  const value = seconds ? toWall(seconds) : "";
  return h("input", { ...named(at), type: "datetime-local", value, onchange: (event) => act(at, event.target.value && fromWall(event.target.value)) });
}

function richInput(at) {
  const value = (entered(at).rich_text_value?.elements || []).flatMap((part) => part.elements || []).map((run) => run.text || "").join("");
  return h("textarea", { ...named(at), rows: 4, value, onchange: (event) => act(at, event.target.value) });
}

const search = (many) => (at) => {
  const { surface, block, item } = at;
  const where = { ...surface.address, block_id: block.block_id, action_id: item.action_id };
  const chosen = entered(at);
  const now = many ? chosen.selected_options || [] : chosen.selected_option ? [chosen.selected_option] : [];
  return combobox({ where, many, now, least: item.min_query_length ?? 3, placeholder: item.placeholder?.text, named: named(at), choose: (value) => act(at, value) });
};

const MAKERS = {
  button, overflow, workflow_button: button, icon_button: button, feedback_buttons: feedback,
  static_select: staticSelect,
  external_select: search(false),
  multi_external_select: search(true),
  users_select: (at) => select(at, [{ options: people() }]),
  channels_select: (at) => select(at, [{ options: channels() }]),
  conversations_select: (at) => select(at, [{ options: [...channels(), ...people()] }]),
  multi_static_select: (at) => ticks(at, groups(at.item).flatMap((group) => group.options.map(labelled))),
  multi_users_select: (at) => ticks(at, people()),
  multi_channels_select: (at) => ticks(at, channels()),
  multi_conversations_select: (at) => ticks(at, [...channels(), ...people()]),
  checkboxes: (at) => ticks(at, at.item.options.map(labelled)),
  radio_buttons: (at) => ticks(at, at.item.options.map(labelled), "radio"),
  datepicker: field("date", { key: "selected_date" }),
  timepicker: field("time", { key: "selected_time" }),
  datetimepicker: moment,
  plain_text_input: field("text"),
  number_input: field("number"),
  email_text_input: field("email"),
  url_text_input: field("url"),
  rich_text_input: richInput,
  file_input: (at) => fileInput({ item: at.item, named: named(at), now: entered(at).files || [], choose: (files) => act(at, files) }),
};
