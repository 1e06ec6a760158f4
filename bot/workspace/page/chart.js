// data_visualization: pie, bar, line and area charts as SVG, with their numbers in a table for screen readers.

import { h, svg } from "./dom.js";

const WIDTH = 560;
const HEIGHT = 240;
const LEFT = 56;
const BOTTOM = 40;
const TOP = 12;
const LETTER = 6.5;
const LABEL = 12;
const colour = (index) => `series-${index % 6}`;

export function chart(block) {
  const { chart: data, title } = block;
  const drawing = data.type === "pie" ? pie(data.segments) : plot(data);
  const names = data.type === "pie" ? shares(data.segments) : data.series.map((one) => one.name);
  const legend = h("ul", { class: "legend" }, names.map((name, index) => h("li", {}, h("i", { class: colour(index) }), name)));
  return h("figure", { class: "chart" }, h("figcaption", {}, title), drawing, legend, numbers(data));
}

function shares(segments) {
  const total = segments.reduce((sum, one) => sum + one.value, 0);
  return segments.map((one) => `${one.label} ${Math.round((one.value / total) * 100)} %`);
}

// A table ignores the size it is hidden at, so what is hidden stands around it.
function numbers(data) {
  const rows =
    data.type === "pie"
      ? data.segments.map((one) => [one.label, one.value])
      : data.series.flatMap((one) => one.data.map((point) => [`${one.name}, ${point.label}`, point.value]));
  return h("div", { class: "visually-hidden" }, h("table", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, String(cell)))))));
}

function frame(...children) {
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" }, ...children);
}

function pie(segments) {
  const total = segments.reduce((sum, one) => sum + one.value, 0);
  let angle = -Math.PI / 2;
  const slices = segments.map((one, index) => {
    const share = one.value / total;
    const path = svg("path", { d: slice(angle, angle + share * 2 * Math.PI), class: colour(index) });
    path.append(svg("title", {}, `${one.label}: ${one.value} (${Math.round(share * 100)} %)`));
    angle += share * 2 * Math.PI;
    return path;
  });
  return frame(...slices);
}

function slice(from, to) {
  const [x, y, r] = [WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - TOP];
  const at = (angle) => `${x + r * Math.cos(angle)} ${y + r * Math.sin(angle)}`;
  const end = Math.min(to, from + 2 * Math.PI - 0.0001);
  return `M ${x} ${y} L ${at(from)} A ${r} ${r} 0 ${end - from > Math.PI ? 1 : 0} 1 ${at(end)} Z`;
}

function plot(data) {
  const { categories, x_label, y_label } = data.axis_config;
  const values = data.series.flatMap((one) => one.data.map((point) => point.value));
  const scale = scaleFor(Math.min(0, ...values), Math.max(0, ...values));
  const slot = (WIDTH - LEFT - 8) / categories.length;
  const area = { categories, scale, slot, middle: (index) => LEFT + slot * (index + 0.5) };
  const draw = data.type === "bar" ? bars : curves;
  return frame(axes(area, x_label, y_label), draw(data, area));
}

function scaleFor(low, high) {
  const step = niceStep((high - low || 1) / 4);
  const first = Math.floor(low / step) * step;
  const last = Math.ceil(high / step) * step || step;
  const ticks = [];
  for (let tick = first; tick <= last + step / 2; tick += step) ticks.push(tick);
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - first) / (last - first));
  return { ticks, y };
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough);
}

const short = (value) => new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 }).format(value);

function axes({ categories, scale, slot, middle }, xLabel, yLabel) {
  const longest = Math.min(LABEL, Math.max(...categories.map((name) => name.length)));
  const every = Math.ceil(((longest + 1) * LETTER) / slot);
  const fits = Math.max(4, Math.floor((slot * every) / LETTER));
  return [
    scale.ticks.map((tick) => svg("line", { x1: LEFT, x2: WIDTH - 8, y1: scale.y(tick), y2: scale.y(tick), class: "grid" })),
    scale.ticks.map((tick) => svg("text", { x: LEFT - 6, y: scale.y(tick) + 4, class: "tick end" }, short(tick))),
    categories.map((name, index) =>
      index % every ? null : svg("text", { x: middle(index), y: HEIGHT - BOTTOM + 15, class: "tick middle" }, cut(name, fits)),
    ),
    xLabel && svg("text", { x: (LEFT + WIDTH) / 2, y: HEIGHT - 6, class: "axis middle" }, xLabel),
    yLabel && svg("text", { x: 12, y: (HEIGHT - BOTTOM) / 2, class: "axis middle", transform: `rotate(-90 12 ${(HEIGHT - BOTTOM) / 2})` }, yLabel),
  ];
}

const cut = (name, length) => (name.length > length ? `${name.slice(0, length - 1)}…` : name);

function point(series, category) {
  return series.data.find((one) => one.label === category)?.value ?? 0;
}

function labelled(node, series, category, value) {
  node.append(svg("title", {}, `${series.name}, ${category}: ${value}`));
  return node;
}

function bars({ series }, { categories, scale, slot, middle }) {
  const width = (slot * 0.75) / series.length;
  return series.map((one, index) =>
    categories.map((category, place) => {
      const value = point(one, category);
      const x = middle(place) - (width * series.length) / 2 + index * width;
      const [top, bottom] = [scale.y(Math.max(0, value)), scale.y(Math.min(0, value))];
      const bar = svg("rect", { x, y: top, width: Math.max(1, width - 1), height: Math.max(0.5, bottom - top), class: colour(index) });
      return labelled(bar, one, category, value);
    }),
  );
}

function curves({ type, series }, { categories, scale, middle }) {
  return series.map((one, index) => {
    const points = categories.map((category, place) => [middle(place), scale.y(point(one, category))]);
    const path = points.map(([x, y]) => `${x} ${y}`).join(" L ");
    const floor = scale.y(0);
    const dots = points.map(([x, y], place) =>
      labelled(svg("circle", { cx: x, cy: y, r: 3, class: colour(index) }), one, categories[place], point(one, categories[place])),
    );
    const ends = [points[0][0], points[points.length - 1][0]];
    const fill = type === "area" && svg("path", { d: `M ${ends[0]} ${floor} L ${path} L ${ends[1]} ${floor} Z`, class: `fill ${colour(index)}` });
    return [fill, svg("path", { d: `M ${path}`, class: `stroke ${colour(index)}` }), dots];
  });
}
