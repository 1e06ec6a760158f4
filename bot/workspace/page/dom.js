// Making elements: text is only ever set as text, so nothing anyone writes becomes markup.

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) set(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "value") node.value = value;
  else if (value === true) node.setAttribute(name, "");
  else node.setAttribute(name, String(value));
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children.flat(Infinity).filter(Boolean));
  return node;
}

// Lets only web and mail addresses become links.
export function link(address, label) {
  const safe = /^(https?:|mailto:)/i.test(address);
  if (!safe) return document.createTextNode(label || address);
  return h("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, label || address);
}

// Replaces children only where their key or content changed, so that focus and scroll stay.
export function reconcile(parent, items) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const nodes = items.map(({ key, content, make }) => {
    const known = before.get(key);
    if (known && known.dataset.content === content) return known;
    const node = make();
    node.dataset.key = key;
    node.dataset.content = content;
    return node;
  });
  const kept = new Set(nodes);
  const gone = [...parent.childNodes].filter((child) => !kept.has(child));
  gone.forEach((child) => child.remove());
  let changed = gone.length > 0;
  nodes.forEach((node, index) => {
    if (parent.children[index] === node) return;
    parent.insertBefore(node, parent.children[index] || null);
    changed = true;
  });
  return changed;
}
