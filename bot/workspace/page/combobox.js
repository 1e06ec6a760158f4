// An external select: type, and the app suggests.

import { h } from "./dom.js";
import { ask } from "./transport.js";

const PAUSE_MS = 150;
let count = 0;

export function combobox(options) {
  return new Combobox(options).box;
}

class Combobox {
  constructor({ where, many, now, least, placeholder, named, choose }) {
    Object.assign(this, { where, many, least, choose, chosen: [...now], active: -1, turn: 0, timer: 0 });
    this.id = `options-${(count += 1)}`;
    this.list = h("div", { id: this.id, class: "menu options", role: "listbox", hidden: true });
    this.input = h("input", {
      ...named, type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": this.id,
      placeholder: placeholder || (least > 1 ? `Type ${least} letters to search` : "Type to search"),
      oninput: () => this.later(), onclick: () => this.query(),
      onblur: () => this.leave(), onkeydown: (event) => this.key(event),
    });
    this.chips = h("div", { class: "chips" });
    this.box = h("div", { class: "combobox" }, this.chips, this.input, this.list);
    this.show();
  }

  show() {
    if (!this.many) this.input.value = this.chosen[0]?.text.text || "";
    else this.chips.replaceChildren(...this.chosen.map((one) => this.chip(one)));
  }

  chip(option) {
    const name = option.text.text;
    return h("button", { type: "button", class: "chip", "aria-label": `Remove ${name}`, onclick: () => this.drop(option) }, name, " ×");
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  settle() {
    this.show();
    this.close();
    return this.choose(this.many ? this.chosen.map((one) => one.value) : this.chosen[0]?.value || null);
  }

  drop(option) {
    this.chosen = this.chosen.filter((one) => one !== option);
    this.settle();
  }

  pick(option) {
    this.chosen = this.many ? [...this.chosen.filter((one) => one.value !== option.value), option] : [option];
    this.input.value = "";
    this.settle();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.query(), PAUSE_MS);
  }

  async query() {
    const turn = (this.turn += 1);
    if (this.input.value.length < this.least) return this.close();
    const answer = await ask("suggest", { ...this.where, typed: this.input.value });
    if (turn === this.turn && document.activeElement === this.input) this.offer(answer);
  }

  offer(answer) {
    const groups = answer.option_groups || [{ options: answer.options || [] }];
    const entries = groups.flatMap((group) => [
      group.label && h("div", { class: "group" }, group.label.text),
      ...group.options.map((option) => this.entry(option)),
    ]);
    const none = answer.ok ? "No results" : `The app did not answer (${answer.error}).`;
    this.list.replaceChildren(...entries.filter(Boolean));
    if (!this.entries().length) this.list.append(h("div", { class: "group" }, none));
    this.entries().forEach((one, index) => (one.id = `${this.id}-${index}`));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  entry(option) {
    const chosen = (event) => {
      event.preventDefault();
      this.pick(option);
    };
    const description = option.description && h("small", {}, option.description.text);
    return h("div", { role: "option", "aria-selected": "false", onmousedown: chosen }, option.text.text, description);
  }

  entries() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  move(by) {
    const entries = this.entries();
    if (!entries.length) return;
    this.active = this.active < 0 && by < 0 ? entries.length - 1 : (this.active + by + entries.length) % entries.length;
    entries.forEach((one, index) => one.setAttribute("aria-selected", String(index === this.active)));
    this.input.setAttribute("aria-activedescendant", entries[this.active].id);
    entries[this.active].scrollIntoView({ block: "nearest" });
  }

  leave() {
    this.turn += 1;
    this.close();
    if (!this.many && this.chosen.length && !this.input.value) this.drop(this.chosen[0]);
    else this.show();
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" && !open) this.query();
    else if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (open && event.key === "Enter") this.entries()[Math.max(0, this.active)]?.dispatchEvent(new MouseEvent("mousedown"));
    else if (open && event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
