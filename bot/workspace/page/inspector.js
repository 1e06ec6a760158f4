// The workings: the clock, the faults, and the exchanges between the app and Slack.

import { buildClock, showClock } from "./clock.js";
import { h, reconcile } from "./dom.js";
import { buildFaults, showFaults } from "./faults.js";
import { ask, state } from "./transport.js";

const aside = document.getElementById("inspector");
const list = h("div", { class: "exchanges" });

export function buildInspector() {
  aside.replaceChildren(h("h2", {}, "Inspector"), buildClock(), buildFaults(), buildLimits(), h("h3", {}, "Exchanges"), list);
}

// What this workspace is not, asked for when someone wants to know.
function buildLimits() {
  const listed = h("ul", {});
  const limits = h("details", {}, h("summary", {}, "What this workspace does not model"), listed);
  limits.addEventListener("toggle", async () => {
    const { not_modelled: known } = await ask("about");
    listed.replaceChildren(...known.map((one) => h("li", {}, one)));
  });
  return h("section", { "aria-label": "Limits" }, limits);
}

export function showInspector() {
  if (aside.hidden) return;
  showClock();
  showFaults();
  reconcile(list, [...state.screen.exchanges].reverse().map((one) => ({ key: String(one.id), content: one.status, make: () => entry(one) })));
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
