// Where people type: messages, mentions, and slash commands with completion.

import { h } from "./dom.js";
import { call, state } from "./transport.js";

export function composer(form, { target, label }) {
  const list = h("div", { class: "menu completion", role: "listbox", id: `${form.id}-completion`, hidden: true });
  const box = h("textarea", { rows: 1, "aria-label": label(), role: "combobox", "aria-expanded": "false", "aria-controls": list.id });
  const send = h("button", { type: "submit", class: "primary", "aria-label": "Send" }, "➤");
  form.replaceChildren(list, box, send);
  const view = { active: 0, found: [], history: [], back: 0 };

  const hide = () => {
    list.hidden = true;
    view.found = [];
    box.setAttribute("aria-expanded", "false");
  };
  const complete = (entry) => {
    const before = box.value.slice(0, box.selectionStart).replace(entry.replaces, "");
    const after = box.value.slice(box.selectionStart);
    box.value = `${before}${entry.insert} ${after}`;
    box.selectionStart = box.selectionEnd = before.length + entry.insert.length + 1;
    hide();
    box.focus();
  };
  const offer = () => {
    view.found = matching(box.value.slice(0, box.selectionStart));
    view.active = 0;
    if (!view.found.length) return hide();
    list.replaceChildren(...view.found.map((entry, index) => option(entry, index === view.active, complete)));
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
  };
  const move = (by) => {
    view.active = (view.active + by + view.found.length) % view.found.length;
    [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === view.active)));
  };
  const recall = (by) => {
    view.back = Math.max(0, Math.min(view.history.length, view.back + by));
    box.value = view.history[view.history.length - view.back] || "";
  };

  box.addEventListener("input", () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
    offer();
  });
  box.addEventListener("blur", hide);
  box.addEventListener("keydown", (event) => {
    const open = view.found.length > 0;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) move(event.key === "ArrowDown" ? 1 : -1);
    else if (open && event.key === "Escape") hide();
    else if (open && (event.key === "Tab" || (event.key === "Enter" && !exact(box.value, view.found)))) complete(view.found[view.active]);
    else if (!open && event.key === "ArrowUp" && !box.value.includes("\n") && (!box.value || view.back)) recall(1);
    else if (!open && event.key === "ArrowDown" && view.back) recall(-1);
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) form.requestSubmit();
    else return;
    event.preventDefault();
  });
  form.onsubmit = async (event) => {
    event.preventDefault();
    const typed = box.value.trim();
    if (!typed) return;
    view.history.push(typed);
    view.back = 0;
    box.value = "";
    box.style.height = "auto";
    hide();
    const answer = await call("say", { text: typed, ...target() });
    if (answer.message) toast(answer.message);
  };
  return { relabel: () => (box.placeholder = label()) && box.setAttribute("aria-label", label()), focus: () => box.focus() };
}

export function toast(message) {
  const note = h("div", { class: "notice" }, message);
  document.getElementById("notices").append(note);
  setTimeout(() => note.remove(), 6000);
}

const exact = (typed, found) => found.some((entry) => typed.trim() === entry.insert);

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

function option(entry, active, complete) {
  const pick = (event) => {
    event.preventDefault();
    complete(entry);
  };
  return h("div", { role: "option", "aria-selected": String(active), onmousedown: pick }, h("strong", {}, entry.title), h("small", {}, entry.about || ""));
}
