// The state of one person's screen, and the calls that change it.

const listeners = [];
let queue = Promise.resolve();
export const base = new URL("./", location.href);
const token = base.pathname.split("/").filter(Boolean)[0];

// Where the page finds a file of this workspace.
export function fileAddress(path) {
  const address = new URL(path, location.origin);
  address.searchParams.set("token", token);
  return address;
}

const asked = new URL(location.href).searchParams;
export const state = { screen: null, at: 0, me: asked.get("as") || sessionStorage.getItem("me") || "ada", online: false };
// What of the screen is wanted: a channel's newest messages outside threads, one thread, the newest exchanges.
export const want = { channel: asked.get("channel") || sessionStorage.getItem("channel") || "#general", thread: null, most: 0, exchanges: 0 };

export function onChange(listener) {
  listeners.push(listener);
}

function changed() {
  listeners.forEach((listener) => listener(state));
}

async function post(verb, body = {}) {
  const response = await fetch(new URL(`control/${verb}`, base), {
    method: "POST",
    body: JSON.stringify({ as: state.me, ...(typeof body === "function" ? await body() : body) }),
  });
  return response.json();
}

// Calls run one after another, so that a value entered is there before the form is submitted.
// A body that takes time, such as a file that is read, is a function.
export function call(verb, body = {}) {
  busy(1);
  const result = queue.then(() => post(verb, body));
  queue = result.then(look, () => {}).finally(() => busy(-1));
  return result;
}

// How many calls are under way; the style sheet shows a bar for those that take a while.
let calls = 0;

function busy(by) {
  calls += by;
  document.documentElement.setAttribute("aria-busy", String(calls > 0));
}

// Questions do not wait for their turn.
export const ask = post;

// One look at a time; what changes meanwhile is seen by one more.
let looking = null;
let again = null;

export function look() {
  if (!looking) return (looking = see().finally(() => (looking = null)));
  const next = () => {
    again = null;
    return look();
  };
  return (again ||= looking.then(next, next));
}

async function see() {
  const wanted = JSON.stringify(want);
  const answer = await post("look", want);
  looked = Date.now();
  if (wanted !== JSON.stringify(want)) look();
  else if (answer.ok && (!state.screen || answer.screen.version >= state.screen.version || answer.screen.me !== state.screen.me)) {
    want.channel = answer.screen.channel;
    state.screen = answer.screen;
    state.at = Date.now();
    changed();
  }
}

export function actAs(person) {
  state.me = person;
  sessionStorage.setItem("me", person);
  state.screen = null;
  return look();
}

export function connect() {
  const address = new URL("live", base);
  address.protocol = "ws:";
  const socket = new WebSocket(address);
  socket.onmessage = ({ data }) => seen(JSON.parse(data).run);
  socket.onopen = () => setOnline(true);
  socket.onclose = () => {
    setOnline(false);
    setTimeout(connect, 1000);
  };
}

// Another run of the workspace may bring another page.
// While much happens, what others do is looked at a few times a second.
const PAUSE_MS = 250;
let run = "";
let soon = 0;
let looked = 0;

function seen(now) {
  if (run && run !== now) return location.reload();
  run = now;
  soon ||= setTimeout(() => {
    soon = 0;
    look();
  }, Math.max(0, looked + PAUSE_MS - Date.now()));
}

function setOnline(online) {
  state.online = online;
  if (state.screen) changed();
}
