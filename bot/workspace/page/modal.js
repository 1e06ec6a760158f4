// The modal on top of the stack.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { text } from "./mrkdwn.js";
import { call, state } from "./transport.js";

const dialog = document.getElementById("modal");
let shown = "";

export function showModal() {
  const view = state.screen.modals.at(-1);
  const key = view ? JSON.stringify([view.id, view.hash, view.errors]) : "";
  if (key === shown) return;
  const scroll = dialog.querySelector(".modal-body")?.scrollTop || 0;
  const focused = document.activeElement?.closest("[data-at]")?.dataset.at;
  const sameView = shown.includes(view?.id || "-");
  shown = key;
  if (!view) return dialog.close();
  dialog.replaceChildren(form(view));
  if (!dialog.open) dialog.showModal();
  if (!sameView) return firstField()?.focus();
  dialog.querySelector(".modal-body").scrollTop = scroll;
  (dialog.querySelector("[aria-invalid=true]") || reachable(focused))?.focus();
}

// What had the focus before the view was drawn anew; where it is gone, the first field.
function reachable(at) {
  const found = [...dialog.querySelectorAll("[data-at]")].find((one) => one.dataset.at === at);
  return (found?.matches("button, input, select, textarea") ? found : found?.querySelector("input, textarea, select, summary")) || firstField();
}

const firstField = () => dialog.querySelector("[autofocus]") || dialog.querySelector(".modal-body input, .modal-body textarea, .modal-body select");

function form(view) {
  const surface = { address: { view_id: view.id }, values: view.state.values, errors: view.errors };
  const general = view.errors[""];
  const depth = state.screen.modals.length;
  const close = view.close ? text(view.close) : depth > 1 ? "Back" : "Cancel";
  return h("form", { method: "dialog", onsubmit: submit, "aria-label": view.title.text },
    h("header", {}, h("h2", {}, text(view.title)), h("button", { type: "button", class: "ghost", "aria-label": "Close", onclick: () => call("close", { all: true }) }, "✕")),
    h("div", { class: "modal-body" }, general && h("div", { class: "error", role: "alert" }, `⚠ ${general}`), blocks(view.blocks, surface)),
    h("footer", { class: "buttons" },
      h("button", { type: "button", onclick: () => call("close") }, close),
      view.submit && h("button", { type: "submit", class: "primary" }, text(view.submit))));
}

// Leaving the field enters its value first; the submission follows it.
async function submit(event) {
  event.preventDefault();
  document.activeElement?.blur();
  const button = dialog.querySelector("button[type=submit]");
  if (!button) return;
  button.disabled = true;
  await call("submit");
  button.disabled = false;
}

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  if (state.screen.modals.length) call("close");
});
