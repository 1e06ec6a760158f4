// The page: a sidebar, one conversation, its thread, and the app's Home.

import { blocks } from "./blocks.js";
import { Composer, toast } from "./composer.js";
import { dayOf, now, zone } from "./dates.js";
import { h, reconcile } from "./dom.js";
import { buildInspector, showInspector } from "./inspector.js";
import { showMessages } from "./messages.js";
import { showModal } from "./modal.js";
import { actAs, call, connect, look, onChange, state } from "./transport.js";

const at = (id) => document.getElementById(id);
const view = { channel: sessionStorage.getItem("channel") || "", tab: "messages", thread: null, notice: null };

const current = () => state.screen.channels.find((one) => one.id === view.channel) || state.screen.channels[0];
const title = (channel) => (channel.kind === "im" ? state.screen.app.name : `${channel.kind === "private" ? "🔒 " : "# "}${channel.name}`);
const main = new Composer(at("composer"), { target: () => ({ channel: current().id }), label: () => (state.screen ? `Message ${title(current())}` : "Message") });
let reply = null;

function open(channel, tab = "messages") {
  Object.assign(view, { channel, tab, thread: null });
  sessionStorage.setItem("channel", channel);
  delete at("messages").dataset.seen;
  document.body.classList.remove("menu-open");
  at("menu").setAttribute("aria-expanded", "false");
  show();
  if (tab === "home") call("home", { tab: "home" });
  else main.focus();
}

function show() {
  if (!state.screen) return;
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
  at("act-as").value = people.find((one) => one.id === state.screen.me).name;
  const connected = state.online && state.screen.connections > 0;
  at("connection").textContent = !state.online ? "Workspace stopped" : connected ? "App connected" : "App not connected";
  at("connection").className = `pill ${connected ? "good" : "bad"}`;
  document.title = `${title(current())} – ${state.screen.app.name}`;
}

function showSidebar() {
  const entry = (channel) => ({
    key: channel.id,
    content: `${channel.id === current().id}${channel.is_archived}${channel.is_member}`,
    make: () => h("button", { type: "button", class: channel.is_archived || !channel.is_member ? "muted" : "", "aria-current": channel.id === current().id && "page", onclick: () => open(channel.id) }, title(channel), channel.is_archived && " (archived)"),
  });
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
  const all = state.screen.messages[channel.id];
  showMessages(at("messages"), all.filter((one) => !one.thread_ts || one.thread_ts === one.ts), { openThread, inThread: false });
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

function openThread(ts) {
  view.thread = ts;
  at("thread").replaceChildren();
  show();
  reply?.focus();
}

function showThread() {
  const aside = at("thread");
  const all = view.thread ? state.screen.messages[current().id].filter((one) => one.ts === view.thread || one.thread_ts === view.thread) : [];
  aside.hidden = !all.length;
  if (!all.length) return;
  if (!aside.children.length) buildThread(aside);
  showMessages(aside.querySelector(".thread-messages"), all, { openThread, inThread: true });
}

function buildThread(aside) {
  const form = h("form", { class: "composer", id: "reply", autocomplete: "off" });
  const close = () => {
    view.thread = null;
    show();
  };
  aside.replaceChildren(
    h("header", {}, h("h2", {}, "Thread"), h("button", { type: "button", class: "ghost", "aria-label": "Close thread", onclick: close }, "✕")),
    h("div", { class: "thread-messages", role: "log" }), form);
  reply = new Composer(form, { target: () => ({ channel: current().id, thread_ts: view.thread }), label: () => "Reply…" });
}

function showNotices() {
  const last = state.screen.notices.at(-1)?.id || 0;
  if (view.notice !== null) state.screen.notices.filter((one) => one.id > view.notice).forEach((one) => toast(one.text));
  view.notice = last;
}

function toggle(button, target) {
  target.hidden = !target.hidden;
  button.setAttribute("aria-expanded", String(!target.hidden));
  show();
}

at("act-as").onchange = (event) => {
  view.notice = null;
  actAs(event.target.value);
};
at("tools").onclick = () => toggle(at("tools"), at("inspector"));
at("menu").onclick = () => at("menu").setAttribute("aria-expanded", String(document.body.classList.toggle("menu-open")));
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.overflow[open]")) if (!menu.contains(event.target)) menu.open = false;
});

buildInspector();
onChange(show);
connect();
look();
