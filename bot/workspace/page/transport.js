// The state of one person's screen, and the calls that change it.

const listeners = [];
let queue = Promise.resolve();
export const base = new URL("./", location.href);
export const token = base.pathname.split("/").filter(Boolean)[0];
export const state = { screen: null, at: 0, me: sessionStorage.getItem("me") || "ada", online: false };

export function onChange(listener) {
  listeners.push(listener);
}

function changed() {
  listeners.forEach((listener) => listener(state));
}

async function post(verb, body) {
  const response = await fetch(new URL(`control/${verb}`, base), {
    method: "POST",
    body: JSON.stringify({ as: state.me, ...(typeof body === "function" ? await body() : body) }),
  });
  return response.json();
}

// Calls run one after another, so that a value entered is there before the form is submitted.
// A body that takes time, such as a file that is read, is a function.
export function call(verb, body = {}) {
  const result = queue.then(() => post(verb, body));
  queue = result.then(look, () => {});
  return result;
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
  const answer = await post("look", {});
  if (answer.ok && (!state.screen || answer.screen.version >= state.screen.version || answer.screen.me !== state.screen.me)) {
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
  socket.onmessage = () => look();
  socket.onopen = () => setOnline(true);
  socket.onclose = () => {
    setOnline(false);
    setTimeout(connect, 1000);
  };
}

function setOnline(online) {
  state.online = online;
  if (state.screen) changed();
}
