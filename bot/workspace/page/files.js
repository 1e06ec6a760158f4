// Files: chosen in a form or for a message, shown by name, and removed.

import { h } from "./dom.js";

export function fileInput(options) {
  return new FileInput(options).box;
}

class FileInput {
  constructor({ item, named, now, choose }) {
    Object.assign(this, { choose, chosen: [...now], most: item.max_files ?? 10 });
    const accept = (item.filetypes || []).map((type) => `.${type}`).join(",");
    this.input = h("input", { ...named, type: "file", accept: accept || null, multiple: this.most > 1, onchange: () => this.add() });
    this.list = h("div", { class: "chips", role: "group", "aria-label": "Chosen files", "aria-live": "polite" });
    this.problem = h("div", { class: "error", role: "alert" });
    this.box = h("div", { class: "files" }, this.input, this.list, this.problem);
    this.show();
  }

  show(problem = "") {
    this.list.replaceChildren(...this.chosen.map((one) => chip(one, () => this.drop(one))));
    this.problem.textContent = problem && `⚠ ${problem}`;
  }

  // What is chosen takes the place of a single file, and joins several.
  add() {
    const files = [...this.input.files];
    this.input.value = "";
    if (files.length) this.settle(this.most > 1 ? this.chosen : [], files);
  }

  drop(file) {
    this.settle(this.chosen.filter((one) => one !== file), []);
    this.input.focus();
  }

  // The workspace says what it took; files are read in the order of the calls, so a submission waits for them.
  async settle(kept, files) {
    try {
      const answer = await this.choose(Promise.all([...kept.map((one) => one.id), ...files.map(read)]));
      if (answer.ok) this.chosen = answer.state.files;
      this.show(answer.message);
    } catch {
      this.show("The file could not be read.");
    }
  }
}

// The files that go with the next message.
export class Attachments {
  constructor() {
    this.chosen = [];
    this.input = h("input", { type: "file", multiple: true, hidden: true, onchange: () => this.show([...this.chosen, ...this.input.files]) });
    this.button = h("button", { type: "button", class: "ghost", "aria-label": "Attach a file", title: "Attach a file", onclick: () => this.input.click() }, "📎");
    this.list = h("span", { class: "chips", role: "group", "aria-label": "Attached files", "aria-live": "polite" });
    this.box = h("span", { class: "attachments" }, this.list, this.input, this.button);
  }

  show(files) {
    this.chosen = files;
    this.input.value = "";
    this.list.replaceChildren(...files.map((one) => chip(one, () => this.drop(one))));
  }

  drop(file) {
    this.show(this.chosen.filter((one) => one !== file));
    this.button.focus();
  }

  take() {
    const files = this.chosen;
    this.show([]);
    return files;
  }
}

function chip(file, remove) {
  return h("button", { type: "button", class: "chip", "aria-label": `Remove ${file.name}`, onclick: remove }, `📄 ${file.name} ×`);
}

export function read(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, content: reader.result.slice(reader.result.indexOf(",") + 1) });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
