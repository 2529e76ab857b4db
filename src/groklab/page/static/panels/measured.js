// What was recorded beside accuracy and loss, and what measures say of the weights that were kept.

import { chart } from "../chart.js";
import { fill, h, trouble } from "../dom.js";
import { atEnd } from "../life.js";
import { get, isStill } from "../source.js";
import { wheel } from "../theme.js";
import { unpackAll } from "../unpack.js";

const USUAL = new Set(["step", "run", "train_accuracy", "validation_accuracy", "train_loss", "validation_loss"]);
const MOST = 12; // lines of one chart: of more, the first
const TURN = 137 / 360; // from one line's color to the next: neighbours are far apart
const HEIGHT = 190;

/** Make the panel of a run for as long as a signal lasts. */
export function measuredPanel(context) {
  return new Measured(context);
}

class Measured {
  constructor({ key, isLogX, onHover, signal }) {
    Object.assign(this, { key, isLogX, onHover, signal, charts: new Map(), step: null });
    this.place = h("div", { class: "grid" });
    this.said = h("div", { role: "status" });
    this.asking = h("div", {});
    this.element = h(
      "section",
      { "aria-label": "Measures" },
      h("h2", {}, "Measures"),
      this.asking,
      this.said,
      this.place,
    );
    atEnd(signal, () => this.charts.forEach((one) => one.remove()));
  }

  /** Offer the measures that suit the run: files have only what was recorded. */
  async offer() {
    if (isStill) return;
    try {
      const names = await get(`runs/${this.key}/measures`, this.signal);
      const choice = h(
        "select",
        { name: "measure" },
        names.map((name) => h("option", {}, name)),
      );
      const label = h("label", {}, "measure of the kept weights ", choice);
      fill(
        this.asking,
        h("form", { class: "row", onsubmit: (event) => this.ask(event) }, label, h("button", {}, "measure")),
      );
    } catch (error) {
      if (!this.signal.aborted) fill(this.asking, trouble(error));
    }
  }

  async ask(event) {
    event.preventDefault();
    const name = event.target.elements.measure.value;
    fill(this.said, h("p", { class: "quiet" }, `measuring ${name} …`));
    try {
      const found = await get(`runs/${this.key}/measures/${name}`, this.signal);
      this.draw(unpackAll(found.columns), `${name}: `);
      fill(this.said);
    } catch (error) {
      if (!this.signal.aborted) fill(this.said, trouble(error));
    }
  }

  /** Draw what was recorded. */
  set(columns) {
    this.draw(columns, "");
  }

  /** Show where the slider is. */
  at(step) {
    this.step = step;
    this.charts.forEach((one) => one.at(step));
  }

  /** Draw columns whose names begin alike in one chart. */
  draw(columns, before) {
    for (const [name, members] of families(columns)) {
      const one = this.chart(`${before}${name.replaceAll("_", " ")}`, name);
      const line = (member, at) => ({ name: member, color: wheel((at * TURN) % 1), values: columns[member] });
      one.set(columns.step, members.slice(0, MOST).map(line));
      if (members.length > MOST)
        one.picture.note(`The first ${MOST} of ${members.length}; the CSV of the run has all.`);
      if (this.step !== null) one.at(this.step);
    }
  }

  chart(title, name) {
    if (!this.charts.has(title)) {
      const look = { title, label: name.replaceAll("_", " "), isLogX: this.isLogX, height: HEIGHT };
      this.charts.set(title, chart({ ...look, onHover: this.onHover }));
      this.place.append(this.charts.get(title).element);
    }
    return this.charts.get(title);
  }
}

function families(columns) {
  const found = new Map();
  for (const name of Object.keys(columns).filter((each) => !USUAL.has(each))) {
    const [family] = name.split(".");
    found.set(family, [...(found.get(family) ?? []), name]);
  }
  return found;
}
