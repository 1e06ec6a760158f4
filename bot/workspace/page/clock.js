// The inspector's clock: the time in the workspace, and moving it forward.

import { toast } from "./composer.js";
import { fromWall, full, now, toWall, zone } from "./dates.js";
import { h } from "./dom.js";
import { ask, look, state } from "./transport.js";

const STEPS = [["1 min", 60], ["1 h", 3600], ["1 day", 86400], ["1 week", 604800]];
const REFRESH_MS = 10_000;

const utc = h("dd", {});
const local = h("dd", {});
const place = h("dt", {});
const progress = h("output", {});
const until = h("input", { type: "datetime-local", required: true });
const steps = STEPS.map(([label, seconds]) => h("button", { type: "button", class: "small", "aria-label": `Move forward by ${label}`, onclick: () => move({ seconds }) }, `+${label}`));
const go = h("button", { type: "submit", class: "small" }, "Move to");
let asked = false;

export function buildClock() {
  const onsubmit = (event) => {
    event.preventDefault();
    move({ until: new Date(fromWall(until.value) * 1000).toISOString() });
  };
  setInterval(() => state.screen && showClock(), REFRESH_MS);
  return h("section", { "aria-label": "Clock" },
    h("h3", {}, "Clock"), h("dl", {}, h("dt", {}, "UTC"), utc, place, local),
    h("div", { class: "buttons" }, steps), h("form", { class: "buttons", onsubmit }, until, go), progress);
}

export function showClock() {
  const { frozen, moving_to: target } = state.screen.clock;
  const still = frozen ? ", standing still" : "";
  utc.textContent = full(now(), "UTC") + still;
  place.textContent = zone();
  local.textContent = full(now());
  until.setAttribute("aria-label", `Date and time to move to, in ${zone()}`);
  if (document.activeElement !== until && until.value < toWall(now())) until.value = toWall(now());
  say(target ? `Moving to ${full(target)}…` : asked ? "Moving…" : "");
  for (const button of [...steps, go]) button.disabled = asked || Boolean(target);
}

// A live region: set only when it changes, so that it is read out once.
function say(text) {
  if (progress.textContent !== text) progress.textContent = text;
}

// Asked out of turn: people go on clicking while the clock moves.
async function move(body) {
  asked = true;
  showClock();
  try {
    const answer = await ask("advance", body);
    if (answer.message) toast(answer.message);
  } finally {
    asked = false;
    await look();
    showClock();
  }
}
