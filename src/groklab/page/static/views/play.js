// Train a small network here and watch it: what is chosen is the same plan as on a command line.

import { here, keep, link } from "../address.js";
import { code, fill, h, trouble } from "../dom.js";
import { under } from "../life.js";
import * as live from "../live.js";
import { get, isStill, send } from "../source.js";
import { RunView } from "./run.js";

const WORDS =
  "A network learns part of a table by heart, and understands the rest later. Choose, train, and watch; " +
  "then change one thing.";
const PRESETS = [
  ["it groks", {}],
  ["no weight decay: it never does", { weight_decay: "0" }],
  ["little data", { fraction: "0.4" }],
  ["much data: no delay", { fraction: "0.9" }],
  ["a group: S4", { operation: "S4", p: "", fraction: "0.85", steps: "8000" }],
  ["a transformer", { model: "transformer", p: "13", fraction: "0.8", steps: "3000", learning_rate: "0.001" }],
];

export async function render(element, _, signal) {
  if (isStill) {
    const words = "These are files, and nothing can be trained from them. `groklab page` trains.";
    fill(element, h("h1", {}, "Play"), h("p", {}, words));
    return "Play";
  }
  new PlayView(element, await get("play", signal), signal).furnish();
  return "Play";
}

class PlayView {
  constructor(element, offered, signal) {
    Object.assign(this, { element, offered, signal, shown: null, waits: null, name: "", last: null });
    this.begun = (here().query.get("begun") ?? "").split(",").filter(Boolean);
    this.usual = { operation: offered.operations[0], model: offered.models[0] };
    for (const { name, usual } of offered.numbers) this.usual[name] = usual;
  }

  furnish() {
    this.said = h("div", { role: "status" });
    this.place = h("div", {});
    this.list = h("p", {});
    this.form = this.makeForm();
    const presets = PRESETS.map(([word, changes]) =>
      h("button", { type: "button", class: "small", onclick: () => this.preset(changes) }, word),
    );
    fill(
      this.element,
      h("h1", {}, "Play"),
      h("p", {}, WORDS),
      h("p", { class: "row" }, presets),
      h(
        "datalist",
        { id: "operations" },
        this.offered.operations.map((each) => h("option", { value: each })),
      ),
      h("div", { class: "play-layout" }, h("div", {}, this.form, this.said, this.list), this.place),
    );
    this.suit();
    this.tellBegun();
    live.onPlay((state) => this.tell(state), this.signal);
    live.onRuns(({ runs }) => runs.some((run) => run.key === this.waits) && this.show(this.waits), this.signal);
    const shown = here().query.get("shown");
    if (shown) this.show(shown);
  }

  makeForm() {
    const { query } = here();
    const value = (name) => query.get(name) ?? this.usual[name];
    const field = (word, input) => h("label", {}, h("span", {}, word), input);
    const choice = (each) => h("option", { selected: value("model") === each }, each);
    this.trainButton = h("button", { class: "main" }, "train");
    this.stopButton = h("button", { type: "button", hidden: true, onclick: () => this.stop() }, "stop");
    const number = ({ name, what, least, most, step }) =>
      field(what, h("input", { name, value: value(name), type: "number", min: least, max: most, step }));
    return h(
      "form",
      { class: "play-form", onsubmit: (event) => this.begin(event), onchange: () => this.changed() },
      field("operation", h("input", { name: "operation", value: value("operation"), list: "operations" })),
      this.offered.numbers.map(number),
      field("network", h("select", { name: "model" }, this.offered.models.map(choice))),
      h("div", { class: "row" }, this.trainButton, this.stopButton),
    );
  }

  changed() {
    this.suit();
    keep(this.asked());
  }

  /** Only formulas have a modulus. */
  suit() {
    const { operation, p } = this.form.elements;
    p.disabled = !this.offered.modular.includes(operation.value.trim());
  }

  preset(changes) {
    for (const [name, value] of Object.entries({ ...this.usual, ...changes })) this.form.elements[name].value = value;
    this.changed();
  }

  asked() {
    return Object.fromEntries([...new FormData(this.form)].map(([name, value]) => [name, value.trim()]));
  }

  async begin(event) {
    event.preventDefault();
    fill(this.said, h("p", { class: "quiet" }, "beginning …"));
    this.trainButton.disabled = true;
    try {
      const found = await send("play", this.asked());
      if (this.signal.aborted) return;
      this.begun = [...new Set([...this.begun, found.key])];
      Object.assign(this, { name: found.name, last: found.key });
      fill(this.said, code(found.command));
      keep({ shown: found.key, begun: this.begun.join(",") });
      this.tellBegun();
      this.show(found.key);
    } catch (error) {
      fill(this.said, trouble(error));
    }
    this.trainButton.disabled = false;
  }

  tellBegun() {
    const address = link(["compare"], { runs: this.begun.join(",") });
    const words = `compare these ${this.begun.length}`;
    fill(this.list, this.begun.length > 1 && h("a", { class: "button", href: address }, words));
  }

  /** Show a run, as soon as it is there where it is only just being trained. */
  async show(key) {
    this.waits = null;
    this.shown?.abort();
    const life = (this.shown = under(this.signal));
    const place = h("div", {}, h("p", { class: "quiet" }, "Opening the run …"));
    fill(this.place, place);
    try {
      await new RunView(key, { isPart: true, signal: life.signal }).open(place);
    } catch (error) {
      if (life.signal.aborted) return;
      this.waits = key;
      this.why = error;
      this.tellWaiting();
    }
  }

  tellWaiting() {
    const isTrained = this.last === this.waits || this.state?.running.some((name) => name.endsWith(`-${this.waits}`));
    const words = "The program is compiled, which takes some seconds the first time …";
    fill(this.place, isTrained ? h("p", { class: "quiet" }, words) : trouble(this.why));
  }

  async stop() {
    try {
      await send("play/stop", { name: this.name });
    } catch (error) {
      fill(this.said, trouble(error));
    }
  }

  tell(state) {
    this.state = state;
    this.stopButton.hidden = !state.running.includes(this.name);
    if (this.waits) this.tellWaiting();
    const said = state.said[this.name];
    if (!said) return;
    fill(this.said, trouble(said));
    if (this.waits === this.last) fill(this.place);
  }
}
