// Where people type: messages, mentions, and slash commands with completion.

import { h } from "./dom.js";
import { Attachments, read } from "./files.js";
import { call, state } from "./transport.js";

const MOST_HEIGHT = 160;
const NOTICE_MS = 6000;

export class Composer {
  constructor(form, { target, label }) {
    Object.assign(this, { form, target, label, active: 0, found: [], history: [], back: 0 });
    this.list = h("div", { class: "menu completion", role: "listbox", id: `${form.id}-completion`, hidden: true });
    this.box = h("textarea", {
      rows: 1, "aria-autocomplete": "list", "aria-controls": this.list.id,
      oninput: () => this.typed(), onblur: () => this.hide(), onkeydown: (event) => this.key(event),
    });
    this.files = new Attachments();
    form.replaceChildren(this.list, this.box, this.files.box, h("button", { type: "submit", class: "primary", "aria-label": "Send" }, "➤"));
    form.onsubmit = (event) => this.send(event);
    this.relabel();
  }

  relabel() {
    this.box.placeholder = this.label();
    this.box.setAttribute("aria-label", this.label());
  }

  focus() {
    this.box.focus();
  }

  typed() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, MOST_HEIGHT)}px`;
    this.found = matching(this.box.value.slice(0, this.box.selectionStart));
    this.active = 0;
    if (!this.found.length) return this.hide();
    this.list.replaceChildren(...this.found.map((entry, index) => this.option(entry, index)));
    this.list.hidden = false;
    this.move(0);
  }

  option(entry, index) {
    const pick = (event) => {
      event.preventDefault();
      this.complete(entry);
    };
    return h("div", { role: "option", id: `${this.list.id}-${index}`, onmousedown: pick }, h("strong", {}, entry.title), h("small", {}, entry.about || ""));
  }

  hide() {
    this.list.hidden = true;
    this.found = [];
    this.box.removeAttribute("aria-activedescendant");
  }

  complete(entry) {
    const before = this.box.value.slice(0, this.box.selectionStart).replace(entry.replaces, "");
    const after = this.box.value.slice(this.box.selectionStart);
    this.box.value = `${before}${entry.insert} ${after}`;
    this.box.selectionStart = this.box.selectionEnd = before.length + entry.insert.length + 1;
    this.hide();
    this.focus();
  }

  move(by) {
    this.active = (this.active + by + this.found.length) % this.found.length;
    [...this.list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === this.active)));
    this.box.setAttribute("aria-activedescendant", this.list.children[this.active].id);
  }

  recall(by) {
    this.back = Math.max(0, Math.min(this.history.length, this.back + by));
    this.box.value = this.history[this.history.length - this.back] || "";
  }

  key(event) {
    if (event.isComposing) return;
    const handled = this.found.length ? this.completionKey(event) : this.historyKey(event);
    if (handled) return event.preventDefault();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  completionKey({ key, shiftKey }) {
    if (key === "Enter" && shiftKey) return false;
    const finished = this.found.some((entry) => this.box.value.trim() === entry.insert);
    if (key === "ArrowDown" || key === "ArrowUp") this.move(key === "ArrowDown" ? 1 : -1);
    else if (key === "Escape") this.hide();
    else if (key === "Tab" || (key === "Enter" && !finished)) this.complete(this.found[this.active]);
    else return false;
    return true;
  }

  historyKey({ key }) {
    if (key === "ArrowUp" && this.history.length && (!this.box.value || this.back)) this.recall(1);
    else if (key === "ArrowDown" && this.back) this.recall(-1);
    else return false;
    return true;
  }

  async send(event) {
    event.preventDefault();
    const typed = this.box.value.trim();
    if (!typed) return;
    this.history.push(typed);
    this.back = 0;
    this.box.value = "";
    this.box.style.height = "auto";
    this.hide();
    const files = this.files.take();
    const target = this.target();
    const answer = await call("say", async () => ({ text: typed, ...target, files: await Promise.all(files.map(read)) }));
    if (answer.message) toast(answer.message);
  }
}

export function toast(message) {
  const note = h("div", { class: "notice" }, message);
  document.getElementById("notices").append(note);
  setTimeout(() => note.remove(), NOTICE_MS);
}

function matching(before) {
  const command = before.match(/^\/\S*$/);
  if (command) return commands(command[0]);
  const mention = before.match(/(^|\s)([@#])([\w.-]*)$/);
  return mention ? references(mention[2], mention[3]) : [];
}

function commands(typed) {
  return state.screen.commands
    .filter((one) => one.command.startsWith(typed))
    .map((one) => ({ insert: one.command, title: `${one.command} ${one.usage_hint || ""}`, about: one.description, replaces: /\/\S*$/ }));
}

function references(sign, typed) {
  const names = sign === "@" ? state.screen.people : state.screen.channels.filter((one) => one.kind !== "im");
  return names
    .filter((one) => one.name.startsWith(typed))
    .slice(0, 8)
    .map((one) => ({ insert: sign + one.name, title: sign + one.name, about: one.real_name || one.topic, replaces: /[@#][\w.-]*$/ }));
}
