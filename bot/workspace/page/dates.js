// Moments as the acting person sees them: in their own time zone, by the workspace's clock.

import { state } from "./transport.js";

const DAY_S = 86400;
const SHAPES = {
  num: { year: "numeric", month: "2-digit", day: "2-digit" },
  wall: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
  day: { day: "numeric" }, month: { month: "long" }, year: { year: "numeric" }, weekday: { weekday: "long" },
  clock: { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" },
  short: { year: "numeric", month: "short", day: "numeric" },
  full: { weekday: "short", year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" },
};
const formats = new Map();

export const zone = () => state.screen.people.find((one) => one.id === state.screen.me).tz;
export const now = () => state.screen.clock.now + (state.screen.clock.frozen ? 0 : (Date.now() - state.at) / 1000);

function shaped(ts, shape, timeZone = zone()) {
  const key = `${shape} ${timeZone}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(shape === "num" ? "en-CA" : "en-US", { timeZone, ...SHAPES[shape] }));
  return formats.get(key).format(new Date(ts * 1000));
}

export const dayOf = (ts) => shaped(ts, "num");
export const clock = (ts) => shaped(ts, "clock");
export const full = (ts, timeZone) => shaped(ts, "full", timeZone);

const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };
const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const dayAndMonth = (ts) => `${shaped(ts, "month")} ${shaped(ts, "day")}${ENDINGS[ordinals.select(Number(shaped(ts, "day")))]}`;
const date = (ts) => `${dayAndMonth(ts)}, ${shaped(ts, "year")}`;
const long = (ts) => `${shaped(ts, "weekday")}, ${date(ts)}`;
const divider = (ts) => (shaped(ts, "year") === shaped(now(), "year") ? `${shaped(ts, "weekday")}, ${dayAndMonth(ts)}` : long(ts));

// Yesterday, today and tomorrow have names.
const pretty = (otherwise) => (ts) => {
  const days = Math.round((Date.parse(dayOf(ts)) - Date.parse(dayOf(now()))) / 1000 / DAY_S);
  return { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[days] || otherwise(ts);
};

function ago(ts) {
  const seconds = ts - now();
  const [unit, size] = [["day", DAY_S], ["hour", 3600], ["minute", 60], ["second", 1]].find(([, one]) => Math.abs(seconds) >= one) || ["second", 1];
  return new Intl.RelativeTimeFormat("en").format(Math.trunc(seconds / size), unit);
}

const TOKENS = {
  date_num: dayOf, date, date_long: long, date_short: (ts) => shaped(ts, "short"),
  date_pretty: pretty(date), date_long_pretty: pretty(long), date_short_pretty: pretty((ts) => shaped(ts, "short")),
  day_divider_pretty: pretty(divider), time: (ts) => shaped(ts, "time"), time_secs: (ts) => shaped(ts, "time_secs"), ago,
};

export const time = TOKENS.time;
export const dayName = TOKENS.day_divider_pretty;

// Slack's date formatting: "{date_short_pretty} {time}"; what is no moment shows its fallback.
export function dateText(ts, format, fallback) {
  if (!/^\d+$/.test(ts) || !format) return fallback;
  return format.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(TOKENS, name) ? TOKENS[name](Number(ts)) : whole));
}

// The value of a datetime-local field, and back.
export const toWall = (ts) => `${dayOf(ts)}T${shaped(ts, "wall")}`;

export function fromWall(value) {
  const wanted = Date.parse(`${value}Z`) / 1000;
  const shifted = (ts) => ts + wanted - Date.parse(`${toWall(ts)}Z`) / 1000;
  return shifted(shifted(wanted));
}
