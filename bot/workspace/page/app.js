// The page: a sidebar, one conversation, its thread, and the app's Home.

import { blocks } from "./blocks.js";
import { Composer, toast } from "./composer.js";
import { clock, dayOf, now, zone } from "./dates.js";
import { h, reconcile } from "./dom.js";
import { buildInspector, showInspector } from "./inspector.js";
import { showMessages } from "./messages.js";
import { showModal } from "./modal.js";
import { actAs, call, connect, look, onChange, state, want } from "./transport.js";

const PAGE = 60;
const EXCHANGES = 100;
const CLOCK_MS = 10_000;
const at = (id) => document.getElementById(id);
const view = { tab: "messages", notice: null, read: {} };
want.most = PAGE;

const current = () => state.screen.channels.find((one) => one.id === want.channel);
const title = (channel) => (channel.kind === "im" ? state.screen.app.name : `${channel.kind === "private" ? "🔒 " : "# "}${channel.name}`);
const main = new Composer(at("composer"), { target: () => ({ channel: current().id }), label: () => (state.screen ? `Message ${title(current())}` : "Message") });
let reply = null;

function open(channel, tab = "messages") {
  view.tab = tab;
  Object.assign(want, { channel, thread: null, most: PAGE });
  sessionStorage.setItem("channel", channel);
  at("messages").replaceChildren();
  delete at("messages").dataset.seen;
  document.body.classList.remove("menu-open");
  at("menu").setAttribute("aria-expanded", "false");
  show();
  if (tab === "home") call("home", { tab: "home" });
  else look().then(() => main.focus());
}

// The next channel of the sidebar, above or below.
function step(by) {
  const listed = state.screen.channels;
  open(listed[(listed.indexOf(current()) + by + listed.length) % listed.length].id);
}

function show() {
  if (!state.screen || !current()) return;
  showTop();
  showSidebar();
  showChannel();
  showThread();
  showModal();
  showInspector();
  showNotices();
}

function showTop() {
  const people = state.screen.people.filter((one) => one.can_act);
  const role = (one) => (one.is_admin ? " (admin)" : one.is_guest ? " (guest)" : "");
  reconcile(at("act-as"), people.map((one) => ({ key: one.id, content: one.name, make: () => h("option", { value: one.name }, one.real_name + role(one)) })));
  const me = people.find((one) => one.id === state.screen.me);
  at("act-as").value = me.name;
  at("another").href = `?as=${people[(people.indexOf(me) + 1) % people.length].name}`;
  const isHttp = state.screen.mode === "http";
  const connected = state.online && (isHttp || state.screen.connections > 0);
  at("connection").textContent = !state.online ? "Workspace stopped" : !connected ? "App not connected" : isHttp ? "App by HTTP" : "App connected";
  at("connection").className = `pill ${connected ? "good" : "bad"}`;
  at("clock").textContent = `🕘 ${clock(now())}`;
  document.title = `${title(current())} – ${state.screen.app.name}`;
}

// What was there when someone first looked is read; so is the channel in view.
function unread(channel) {
  const read = (view.read[state.screen.me] ||= Object.fromEntries(state.screen.channels.map((one) => [one.id, one.latest])));
  if (channel.id === current().id && view.tab === "messages") read[channel.id] = channel.latest;
  return channel.latest > (read[channel.id] || "");
}

function showSidebar() {
  const entry = (channel) => {
    const [here, isNew] = [channel.id === current().id, unread(channel)];
    const kind = [isNew && "unread", (channel.is_archived || !channel.is_member) && "muted"].filter(Boolean).join(" ");
    const notes = [isNew && h("span", { class: "visually-hidden" }, " (unread)"), channel.is_archived && " (archived)"];
    const make = () => h("button", { type: "button", class: kind, "aria-current": here && "page", onclick: () => open(channel.id) }, title(channel), notes);
    return { key: channel.id, content: `${here}${kind}${channel.is_archived}`, make };
  };
  const heading = (name) => ({ key: name, content: name, make: () => h("h2", {}, name) });
  const shortcuts = state.screen.shortcuts.filter((one) => one.type === "global").map((one) => ({
    key: one.callback_id, content: one.name, make: () => h("button", { type: "button", onclick: () => call("shortcut", { callback_id: one.callback_id }) }, `⚡ ${one.name}`),
  }));
  const channels = state.screen.channels.filter((one) => one.kind !== "im");
  const direct = state.screen.channels.filter((one) => one.kind === "im");
  reconcile(at("sidebar"), [heading("Channels"), ...channels.map(entry), heading("Apps"), ...direct.map(entry), ...(shortcuts.length ? [heading("Shortcuts"), ...shortcuts] : [])]);
}

function showChannel() {
  const channel = current();
  const home = channel.kind === "im" && view.tab === "home";
  at("channel-name").textContent = title(channel);
  at("channel-topic").textContent = channel.topic;
  showTabs(channel);
  showMembership(channel);
  at("messages").hidden = at("composer").hidden = home;
  at("home").hidden = !home;
  if (home) return showHome();
  at("composer").hidden = channel.is_archived || !channel.is_member;
  main.relabel();
  const found = state.screen.messages[channel.id];
  if (!found) return at("messages").replaceChildren(h("p", { class: "empty" }, "Loading…"));
  const empty = channel.is_member ? "Nothing has been said here yet." : "You are not in this channel.";
  if (!found.length) return at("messages").replaceChildren(h("p", { class: "empty" }, empty));
  showMessages(at("messages"), found, { openThread, inThread: false, earlier: state.screen.earlier, showEarlier });
}

// Older messages join above; what is in view stays where it is.
async function showEarlier() {
  const box = at("messages");
  const below = box.scrollHeight - box.scrollTop;
  want.most += PAGE;
  await look();
  box.scrollTop = box.scrollHeight - below;
}

function showTabs(channel) {
  at("tabs").hidden = channel.kind !== "im" || !state.screen.app.home_tab;
  const tab = (name, label) => h("button", { type: "button", role: "tab", "aria-selected": String(view.tab === name), onclick: () => open(channel.id, name) }, label);
  at("tabs").replaceChildren(tab("home", "Home"), tab("messages", "Messages"));
}

function showMembership(channel) {
  const button = at("membership");
  button.hidden = channel.kind === "im" || channel.is_archived || !channel.is_member;
  button.textContent = channel.app_is_member ? "Remove the app" : "Invite the app";
  button.onclick = () => call("invite", { channel: channel.id, remove: channel.app_is_member });
}

function showHome() {
  const home = state.screen.home;
  const content = home ? [home.hash, zone(), dayOf(now())].join(" ") : "none";
  const make = () => (home ? h("div", {}, blocks(home.blocks, { address: { view_id: home.id }, values: home.state.values })) : h("p", { class: "muted" }, "The app has not published a Home tab yet."));
  reconcile(at("home"), [{ key: "home", content, make }]);
}

async function openThread(ts) {
  want.thread = ts;
  at("thread").replaceChildren();
  await look();
  reply?.focus();
}

function showThread() {
  const aside = at("thread");
  const all = want.thread ? state.screen.thread : [];
  aside.hidden = !all.length;
  if (!all.length) return;
  if (!aside.children.length) buildThread(aside);
  showMessages(aside.querySelector(".thread-messages"), all, { openThread, inThread: true });
}

function buildThread(aside) {
  const form = h("form", { class: "composer", id: "reply", autocomplete: "off" });
  const close = () => {
    want.thread = null;
    show();
    main.focus();
  };
  aside.replaceChildren(
    h("header", {}, h("h2", {}, "Thread"), h("button", { type: "button", class: "ghost", "aria-label": "Close thread", onclick: close }, "✕")),
    h("div", { class: "thread-messages", role: "log" }), form);
  reply = new Composer(form, { target: () => ({ channel: current().id, thread_ts: want.thread }), label: () => "Reply…" });
}

function showNotices() {
  const last = state.screen.notices.at(-1)?.id || 0;
  if (view.notice !== null) state.screen.notices.filter((one) => one.id > view.notice).forEach((one) => toast(one.text));
  view.notice = last;
}

function toggleInspector() {
  const inspector = at("inspector");
  inspector.hidden = !inspector.hidden;
  want.exchanges = inspector.hidden ? 0 : EXCHANGES;
  for (const button of [at("tools"), at("clock")]) button.setAttribute("aria-expanded", String(!inspector.hidden));
  look();
}

at("act-as").onchange = (event) => {
  view.notice = null;
  actAs(event.target.value);
};
at("tools").onclick = at("clock").onclick = toggleInspector;
at("menu").onclick = () => at("menu").setAttribute("aria-expanded", String(document.body.classList.toggle("menu-open")));
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.overflow[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || !state.screen || document.querySelector("dialog[open]")) return;
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  event.preventDefault();
  step(event.key === "ArrowDown" ? 1 : -1);
});

buildInspector();
setInterval(() => state.screen && showTop(), CLOCK_MS);
onChange(show);
connect();
look();
