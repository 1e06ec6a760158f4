// The workings: exchanges between the app and Slack, the clock, the faults.

import { h, reconcile } from "./dom.js";
import { ask, call, state } from "./transport.js";

const aside = document.getElementById("inspector");
const list = h("div", { class: "exchanges" });
const clock = h("output", {});
const active = h("output", {});

const FAULTS = [
  ["ratelimited", "429 with Retry-After"], ["server_error", "500"], ["timeout", "No answer"],
  ["lost_reply", "Done, but the reply is lost"], ["error", "account_inactive"],
];
const METHODS = ["chat.postMessage", "chat.postEphemeral", "chat.update", "views.open", "views.update", "views.publish", "files.completeUploadExternal", "response_url", "upload", "*"];
const STEPS = [["3 s", 3], ["1 min", 60], ["30 min", 1800], ["1 h", 3600], ["1 day", 86400]];

export function buildInspector() {
  const method = h("select", { "aria-label": "Method" }, METHODS.map((name) => h("option", { value: name }, name)));
  const kind = h("select", { "aria-label": "Fault" }, FAULTS.map(([value, label]) => h("option", { value }, label)));
  const times = h("input", { type: "number", min: 1, max: 99, value: 1, "aria-label": "Times" });
  const add = () => call("fault", { method: method.value, kind: kind.value, times: Number(times.value), ...(kind.value === "error" ? { error: "account_inactive" } : {}) });
  const step = ([label, seconds]) => h("button", { type: "button", class: "small", onclick: () => call("advance", { seconds }) }, `+${label}`);
  const fault = (kindName, label) => h("button", { type: "button", class: "small", onclick: () => call("fault", { kind: kindName }) }, label);
  aside.replaceChildren(
    h("h2", {}, "Inspector"),
    h("section", {}, h("h3", {}, "Clock"), clock, h("div", { class: "buttons" }, STEPS.map(step))),
    h("section", {}, h("h3", {}, "Faults"), h("div", { class: "buttons" }, method, kind, times, h("button", { type: "button", class: "small", onclick: add }, "Add")),
      active, h("div", { class: "buttons" },
        h("button", { type: "button", class: "small", onclick: () => call("fault", { clear: true }) }, "Clear"),
        fault("refresh", "Ask to reconnect"), fault("disconnect", "Drop connection"))),
    h("h3", {}, "Exchanges"), list);
}

export function showInspector() {
  if (aside.hidden) return;
  const { now, offset, frozen } = state.screen.clock;
  const moved = offset ? ` (moved ${Math.round(offset)} s)` : "";
  clock.textContent = `${new Date(now * 1000).toLocaleString()}${moved}${frozen ? ", standing still" : ""}`;
  active.textContent = state.screen.faults.map((one) => `${one.method}: ${one.kind} ×${one.times}`).join(", ") || "None";
  reconcile(list, [...state.screen.exchanges].reverse().slice(0, 100).map((one) => ({ key: String(one.id), content: one.status, make: () => entry(one) })));
}

function entry(one) {
  const details = h("details", {},
    h("summary", {},
      h("span", { class: "way", title: one.direction }, one.direction === "to app" ? "→" : "←"),
      h("code", {}, one.name), h("span", { class: /^(ok|acknowledged|sent)$/.test(one.status) ? "good" : "bad" }, one.status)));
  details.addEventListener("toggle", async () => {
    if (!details.open || details.children.length > 1) return;
    const { exchange } = await ask("exchange", { id: one.id });
    if (!exchange) return;
    details.append(h("h4", {}, "Request"), h("pre", {}, JSON.stringify(exchange.request, null, 1)), h("h4", {}, "Answer"), h("pre", {}, JSON.stringify(exchange.response, null, 1)));
  });
  return details;
}
