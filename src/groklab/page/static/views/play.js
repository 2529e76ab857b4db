// Train a small network here and watch it: what is chosen is the same plan as on a command line.

import { here, keep, link } from "../address.js";
import { code, fill, h, trouble } from "../dom.js";
import * as live from "../live.js";
import { allRuns } from "../runlist.js";
import { isStill, send } from "../source.js";
import { RunView } from "./run.js";

const OPERATIONS = ["addition", "subtraction", "multiplication", "division", "sum_of_squares", "S3", "S4", "A4", "D6", "Q8", "Z12", "mixed"];
const MODULAR = new Set(["addition", "subtraction", "multiplication", "division", "mixed", "sum_of_squares", "quadratic_form", "quadratic_form_plus_x", "cubic_xy", "cubic_xy2"]);
const FIELDS = [
  ["operation", "operation", "addition", { list: "operations" }],
  ["p", "modulus p", "23", { type: "number", min: 2, max: 128 }],
  ["fraction", "share of the table for training", "0.7", { type: "number", min: 0.05, max: 0.95, step: 0.05 }],
  ["weight_decay", "weight decay", "1", { type: "number", min: 0, max: 100, step: "any" }],
  ["learning_rate", "learning rate", "0.003", { type: "number", min: 0.00001, max: 1, step: "any" }],
  ["width", "width of the embedding", "128", { type: "number", min: 2, max: 1024 }],
  ["steps", "steps at most", "5000", { type: "number", min: 100, max: 100000, step: 100 }],
  ["seed", "seed", "3", { type: "number", min: 0, max: 1000000 }],
];
const PRESETS = [
  ["it groks", {}],
  ["no weight decay: it never does", { weight_decay: "0" }],
  ["little data", { fraction: "0.4" }],
  ["much data: no delay", { fraction: "0.9" }],
  ["a group: S4", { operation: "S4", p: "", fraction: "0.85", steps: "8000" }],
  ["a transformer", { model: "transformer", p: "13", fraction: "0.8", steps: "3000", learning_rate: "0.001" }],
];

export async function render(element) {
  if (isStill) {
    fill(element, h("h1", {}, "Play"), h("p", {}, "These are files, and nothing can be trained from them. `groklab page` trains."));
    return () => {};
  }
  const view = new PlayView(element);
  view.furnish();
  return () => view.end();
}

class PlayView {
  constructor(element) {
    Object.assign(this, { element, shown: null, begun: [], playing: { running: [], said: {} } });
  }

  furnish() {
    const { query } = here();
    const value = (name, usual) => (query.has(name) ? query.get(name) : usual);
    const inputs = FIELDS.map(([name, word, usual, attributes]) => h("label", {}, h("span", {}, word), h("input", { name, value: value(name, usual), ...attributes })));
    const model = h("label", {}, h("span", {}, "network"), h("select", { name: "model" }, ["mlp", "transformer"].map((each) => h("option", { selected: value("model", "mlp") === each }, each))));
    this.form = h("form", { class: "play-form", onsubmit: (event) => this.begin(event), onchange: () => this.changed() }, inputs, model, h("div", { class: "row" }, (this.trainButton = h("button", { class: "main" }, "train")), (this.stopButton = h("button", { type: "button", hidden: true, onclick: () => this.stop() }, "stop"))));
    this.said = h("div", { role: "status" });
    this.place = h("div", {});
    this.list = h("p", {});
    fill(
      this.element,
      h("h1", {}, "Play"),
      h("p", {}, "A network learns part of a table by heart, and understands the rest later. Choose, train, and watch; then change one thing."),
      h("p", { class: "row" }, PRESETS.map(([word, changes]) => h("button", { type: "button", class: "small", onclick: () => this.preset(changes) }, word))),
      h("datalist", { id: "operations" }, OPERATIONS.map((each) => h("option", { value: each }))),
      h("div", { class: "play-layout" }, h("div", {}, this.form, this.said, this.list), this.place),
    );
    const stops = [live.onPlay((state) => this.tell(state)), live.onRuns((changed) => changed.some((run) => run.key === this.wanted?.key) && this.wanted.resolve?.())];
    this.stopListening = () => stops.forEach((stop) => stop());
    if (query.get("shown")) this.show(query.get("shown"));
  }

  changed() {
    this.form.elements.p.disabled = !MODULAR.has(this.form.elements.operation.value.trim());
    keep(this.asked());
  }

  preset(changes) {
    const usual = { model: "mlp", ...Object.fromEntries(FIELDS.map(([name, , value]) => [name, value])) };
    for (const [name, value] of Object.entries({ ...usual, ...changes })) this.form.elements[name].value = value;
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
      this.begun = [...this.begun.filter((each) => each.key !== found.key), found];
      this.name = found.name;
      fill(this.said, code(found.command));
      fill(this.list, this.begun.length > 1 ? h("a", { class: "button", href: link(["compare"], { runs: this.begun.map((each) => each.key).join(",") }) }, `compare these ${this.begun.length}`) : null);
      keep({ shown: found.key });
      this.show(found.key).catch((error) => fill(this.place, trouble(error)));
    } catch (error) {
      fill(this.said, trouble(error));
    }
    this.trainButton.disabled = false;
  }

  /** Show a run as soon as it is there. */
  async show(key) {
    this.shown?.end();
    this.shown = null;
    const wanted = (this.wanted = { key });
    fill(this.place, h("p", { class: "quiet" }, "The program is compiled, which takes some seconds the first time …"));
    const view = new RunView(key, { isPart: true });
    const place = h("div", {});
    const isThere = (await allRuns()).runs.some((run) => run.key === key);
    if (!isThere) await new Promise((resolve) => (wanted.resolve = resolve));
    if (this.wanted !== wanted) return;
    this.shown = view;
    fill(this.place, place);
    try {
      await view.open(place);
    } catch (error) {
      fill(place, trouble(error));
    }
  }

  async stop() {
    try {
      await send("play/stop", { name: this.name });
    } catch (error) {
      fill(this.said, trouble(error));
    }
  }

  tell(state) {
    this.playing = state;
    this.stopButton.hidden = !state.running.includes(this.name);
    const said = state.said[this.name];
    if (said) {
      fill(this.said, trouble(said));
      if (!this.shown) fill(this.place);
    }
  }

  end() {
    this.wanted = null;
    this.stopListening();
    this.shown?.end();
  }
}
