// The inspector's faults: what happens to the app's next calls.

import { h } from "./dom.js";
import { call, state } from "./transport.js";

const KINDS = [
  ["ratelimited", "429 with Retry-After"], ["server_error", "500"], ["timeout", "No answer"],
  ["lost_reply", "Done, but the reply is lost"], ["error", "Error"],
];
const ERRORS = ["account_inactive", "is_archived", "channel_not_found", "not_in_channel", "token_revoked", "internal_error"];
const METHODS = [
  "chat.postMessage", "chat.postEphemeral", "chat.update", "conversations.history", "conversations.open", "users.info",
  "views.open", "views.update", "views.publish", "files.completeUploadExternal", "response_url", "upload", "*",
];
const MOST_TIMES = 9999;
const active = h("output", {});

const options = (pairs) => pairs.map(([value, label]) => h("option", { value }, label));
const small = (label, onclick) => h("button", { type: "button", class: "small", onclick }, label);

export function buildFaults() {
  const method = h("select", { "aria-label": "Method" }, options(METHODS.map((name) => [name, name])));
  const error = h("select", { "aria-label": "Error", hidden: true }, options(ERRORS.map((name) => [name, name])));
  const kind = h("select", { "aria-label": "Fault", onchange: () => (error.hidden = kind.value !== "error") }, options(KINDS));
  const times = h("input", { type: "number", min: 1, max: MOST_TIMES, value: 1, "aria-label": "Times" });
  const add = () => call("fault", { method: method.value, kind: kind.value, error: error.value, times: Math.max(1, Number(times.value)) });
  return h("section", { "aria-label": "Faults" },
    h("h3", {}, "Faults"), h("div", { class: "buttons" }, method, kind, error, times, small("Add", add)), active,
    h("div", { class: "buttons" },
      small("Clear", () => call("fault", { clear: true })),
      small("Ask to reconnect", () => call("fault", { kind: "refresh" })),
      small("Drop connection", () => call("fault", { kind: "disconnect" }))));
}

export function showFaults() {
  const named = (one) => (one.kind === "error" ? one.error : one.kind);
  active.textContent = state.screen.faults.map((one) => `${one.method}: ${named(one)} ×${one.times}`).join(", ") || "None";
}
