// table and data_table: cells, sorting, paging.

import { h } from "./dom.js";
import { richText } from "./richtext.js";

export function table(block) {
  const settings = block.column_settings || [];
  const rows = block.rows.map((row, index) =>
    h("tr", {}, row.map((cell, column) => h(index ? "td" : "th", { class: classes(settings[column]) }, content(cell)))),
  );
  return h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": "Table" }, h("table", {}, rows));
}

const classes = (setting) => `${setting?.align || "left"}${setting?.is_wrapped ? " wrapped" : ""}`;

function content(cell) {
  if (cell.type === "rich_text") return richText(cell);
  return cell.type === "raw_number" ? cell.text || new Intl.NumberFormat("en").format(cell.value) : cell.text;
}

const sortKey = (cell) => (cell.type === "raw_number" ? cell.value : String(cell.text ?? "").toLowerCase());

function compare(one, other) {
  return typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other), "en", { numeric: true });
}

export function dataTable(block) {
  const [header, ...rows] = block.rows;
  const view = { page: 0, size: block.page_size || 5, column: null, down: false };
  const wrap = h("div", { class: "data-table" });
  const draw = () => wrap.replaceChildren(h("div", { class: "table-wrap" }, grid(block, header, sorted(rows, view), view, draw)), pager(rows, view, draw));
  draw();
  return wrap;
}

function sorted(rows, { column, down, page, size }) {
  const ordered = column === null ? rows : [...rows].sort((one, other) => compare(sortKey(one[column]), sortKey(other[column])));
  if (down) ordered.reverse();
  return ordered.slice(page * size, (page + 1) * size);
}

function grid(block, header, rows, view, draw) {
  const name = block.row_header_column_index || 0;
  const isNumber = header.map((_, column) => block.rows.slice(1).every((row) => row[column].type === "raw_number"));
  const heads = header.map((cell, column) => head(cell, column, isNumber[column], view, draw));
  const body = rows.map((row) =>
    h("tr", {}, row.map((cell, column) =>
      h(column === name ? "th" : "td", { scope: column === name && "row", class: isNumber[column] ? "right" : "left" }, content(cell)),
    )),
  );
  return h("table", {}, h("caption", {}, block.caption), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, body));
}

function head(cell, column, isNumber, view, draw) {
  const active = view.column === column;
  const sort = active ? (view.down ? "descending" : "ascending") : "none";
  const press = () => {
    Object.assign(view, { column, down: active && !view.down, page: 0 });
    draw();
  };
  const arrow = active ? (view.down ? " ↓" : " ↑") : "";
  const button = h("button", { type: "button", onclick: press }, content(cell), arrow);
  return h("th", { scope: "col", "aria-sort": sort, class: isNumber ? "right" : "left" }, button);
}

function pager(rows, view, draw) {
  const pages = Math.ceil(rows.length / view.size);
  if (pages < 2) return h("div", { class: "pager" }, `${rows.length} rows`);
  const turn = (by) => () => {
    view.page += by;
    draw();
  };
  return h("div", { class: "pager" },
    h("button", { type: "button", class: "small", disabled: view.page === 0, onclick: turn(-1), "aria-label": "Previous page" }, "‹"),
    ` ${view.page + 1} of ${pages} (${rows.length} rows) `,
    h("button", { type: "button", class: "small", disabled: view.page === pages - 1, onclick: turn(1), "aria-label": "Next page" }, "›"));
}
