// What was recorded beside accuracy and loss, and what measures say of the weights that were kept.

import { chart } from "../chart.js";
import { h, fill, trouble } from "../dom.js";
import { get } from "../source.js";
import { unpackAll } from "../unpack.js";

const USUAL = new Set(["step", "train_accuracy", "validation_accuracy", "train_loss", "validation_loss"]);
const MOST = 12; // lines of one chart: of more, the first

/** Make the panel. `names` are the measures that can be asked. Return { element, set(columns), at(step), remove }. */
export function measuredPanel({ key, names, isLogX, onHover }) {
  const charts = new Map();
  let step = null;
  const place = h("div", { class: "grid" });
  const said = h("div", { role: "status" });
  const asked = names.length
    ? h("form", { class: "row", onsubmit: ask }, h("label", {}, "measure of the kept weights ", h("select", { name: "measure" }, names.map((name) => h("option", {}, name)))), h("button", {}, "measure"))
    : null;
  const element = h("section", { "aria-label": "Measures" }, h("h2", {}, "Measures"), asked, said, place);

  async function ask(event) {
    event.preventDefault();
    const name = event.target.elements.measure.value;
    fill(said, h("p", { class: "quiet" }, `measuring ${name} …`));
    try {
      const found = await get(`runs/${key}/measures/${name}`);
      draw(unpackAll(found.columns), `${name}: `);
      fill(said);
    } catch (error) {
      fill(said, trouble(error));
    }
  }

  /** Draw columns whose names begin alike in one chart. */
  function draw(columns, before) {
    const groups = Map.groupBy ? Map.groupBy(rest(columns), family) : grouped(rest(columns));
    for (const [name, members] of groups) {
      const title = `${before}${name.replaceAll("_", " ")}`;
      if (!charts.has(title)) {
        charts.set(title, chart({ title, label: name.replaceAll("_", " "), isLogX, onHover, height: 190 }));
        place.append(charts.get(title).element);
      }
      const lines = members.slice(0, MOST).map((member, at) => ({ name: member, color: `hsl(${(at * 137) % 360} 60% 50%)`, values: columns[member] }));
      charts.get(title).set(columns.step, lines);
      if (members.length > MOST) charts.get(title).picture.note(`The first ${MOST} of ${members.length}; the CSV of the run has all.`);
      if (step !== null) charts.get(title).at(step);
    }
  }

  return {
    element,
    set: (columns) => draw(columns, ""),
    at(now) {
      step = now;
      charts.forEach((one) => one.at(now));
    },
    remove: () => charts.forEach((one) => one.remove()),
  };
}

function rest(columns) {
  return Object.keys(columns).filter((name) => !USUAL.has(name) && name !== "run");
}

function family(name) {
  return name.split(".")[0];
}

function grouped(names) {
  const groups = new Map();
  for (const name of names) groups.set(family(name), [...(groups.get(family(name)) ?? []), name]);
  return groups;
}
