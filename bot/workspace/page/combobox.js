// An external select: type, and the app suggests.

import { h } from "./dom.js";
import { ask } from "./transport.js";

const PAUSE_MS = 150;
let count = 0;

export function combobox({ where, many, now, least, placeholder, named, choose }) {
  const listId = `options-${(count += 1)}`;
  const list = h("div", { id: listId, class: "menu options", role: "listbox", hidden: true });
  const input = h("input", {
    ...named, type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": listId,
    placeholder: placeholder || (least > 1 ? `Type ${least} letters to search` : "Type to search"),
  });
  const chips = h("div", { class: "chips" });
  const box = h("div", { class: "combobox" }, chips, input, list);
  const view = { chosen: [...now], active: -1, turn: 0, timer: 0 };

  const show = () => {
    if (!many) input.value = view.chosen[0]?.text.text || "";
    else chips.replaceChildren(...view.chosen.map((one) => h("button", { type: "button", class: "chip", "aria-label": `Remove ${one.text.text}`, onclick: () => drop(one) }, one.text.text, " ×")));
  };
  const close = () => {
    list.hidden = true;
    view.active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const settle = () => {
    show();
    close();
    return choose(many ? view.chosen.map((one) => one.value) : view.chosen[0]?.value || null);
  };
  const drop = (option) => {
    view.chosen = view.chosen.filter((one) => one !== option);
    settle();
  };
  const pick = (option) => {
    view.chosen = many ? [...view.chosen.filter((one) => one.value !== option.value), option] : [option];
    input.value = "";
    settle();
  };
  const offer = (answer) => {
    const found = answer.option_groups || [{ options: answer.options || [] }];
    const entries = found.flatMap((group) => [group.label && h("div", { class: "group" }, group.label.text), ...group.options.map((option) => entry(option, pick))]);
    const none = answer.ok ? "No results" : `The app did not answer (${answer.error}).`;
    list.replaceChildren(...entries.filter(Boolean));
    if (!list.querySelector("[role=option]")) list.append(h("div", { class: "group" }, none));
    list.querySelectorAll("[role=option]").forEach((one, index) => (one.id = `${listId}-${index}`));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  const query = async () => {
    const turn = (view.turn += 1);
    if (input.value.length < least) return close();
    const answer = await ask("suggest", { ...where, typed: input.value });
    if (turn === view.turn && document.activeElement === input) offer(answer);
  };
  const move = (by) => {
    const entries = [...list.querySelectorAll("[role=option]")];
    if (!entries.length) return;
    view.active = (view.active + by + entries.length) % entries.length;
    entries.forEach((one, index) => one.setAttribute("aria-selected", String(index === view.active)));
    input.setAttribute("aria-activedescendant", entries[view.active].id);
    entries[view.active].scrollIntoView({ block: "nearest" });
  };

  input.addEventListener("input", () => {
    clearTimeout(view.timer);
    view.timer = setTimeout(query, PAUSE_MS);
  });
  input.addEventListener("focus", () => (least === 0 || input.value) && query());
  input.addEventListener("blur", () => {
    view.turn += 1;
    close();
    if (!many && view.chosen.length && !input.value) drop(view.chosen[0]);
    else show();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && !list.hidden) (list.querySelector("[aria-selected=true]") || list.querySelector("[role=option]"))?.dispatchEvent(new MouseEvent("mousedown"));
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  show();
  return box;
}

function entry(option, pick) {
  const chosen = (event) => {
    event.preventDefault();
    pick(option);
  };
  const description = option.description && h("small", {}, option.description.text);
  return h("div", { role: "option", "aria-selected": "false", onmousedown: chosen }, option.text.text, description);
}
