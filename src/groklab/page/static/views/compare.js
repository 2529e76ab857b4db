// Several runs: seeds as median and range, sweeps as small multiples or a map, forks from where they part.

import { here, keep, link } from "../address.js";
import { chart } from "../chart.js";
import { fill, h } from "../dom.js";
import { heatmap } from "../heatmap.js";
import { atEnd } from "../life.js";
import { pooled, together } from "../pool.js";
import { MOST_COMPARED, allRuns, differing, groups, medianStep, search, telling } from "../runlist.js";
import { get } from "../source.js";
import { hues } from "../theme.js";
import { unpackAll } from "../unpack.js";
import { byValue, lastPart, short, steps as inSteps } from "../words.js";

const AT_ONCE = 6; // runs that are fetched
const LAYOUTS = { together: "together", apart: "small multiples", map: "map over two settings" };
const HEIGHTS = { together: 320, apart: 170 };
const STARTS = [
  ["start", "the start"],
  ["fork", "the fork"],
];
const MILESTONES = [
  ["generalized_at", "generalized at"],
  ["memorized_at", "memorized at"],
  ["settled_at", "settled at"],
];
const DRAWN_TOGETHER = /^(step|run|(train|validation)_(accuracy|loss))$/;
const USUAL = { quantity: "accuracy", layout: "together", align: "start", x: "", y: "", value: "generalized_at" };

export async function render(element, _, signal) {
  const { query } = here();
  const { runs } = await allRuns(signal);
  const wanted = query.get("runs") ? new Set(query.get("runs").split(",")) : null;
  const isWanted = wanted ? (run) => wanted.has(run.key) : search(query.get("find") ?? "");
  const chosen = runs.filter((run) => isWanted(run) && run.state !== "damaged").slice(0, MOST_COMPARED);
  const title = `Compare ${chosen.length} runs`;
  if (chosen.length < 2) {
    const list = h("a", { href: "#/runs" }, "the list");
    fill(element, h("h1", {}, "Compare"), h("p", {}, "Choose two runs or more in ", list, ", and compare them there."));
    return "Compare";
  }
  const view = new CompareView(chosen, query, signal);
  view.furnish(element, title);
  view.fetch();
  return title;
}

class CompareView {
  constructor(runs, query, signal) {
    Object.assign(this, { runs, signal, records: new Map(), charts: [] });
    this.state = Object.fromEntries(Object.entries(USUAL).map(([name, usual]) => [name, query.get(name) ?? usual]));
    this.names = differing(runs);
    this.groups = this.named(groups(runs).map((members) => ({ members, run: members[0] })));
    const [x, y] = this.numeric();
    this.state.x ||= x;
    this.state.y ||= y ?? x;
    atEnd(signal, () => this.clear());
  }

  /** Put groups in the order of what tells them apart, with the words for it and a color. */
  named(all) {
    const firsts = all.map((group) => group.run);
    const names = telling(firsts, this.names);
    const order = (one, other) =>
      names.map((name) => byValue(one.run.settings[name], other.run.settings[name])).find((found) => found !== 0) ?? 0;
    const isOneTask = new Set(this.runs.map((run) => run.task)).size === 1;
    const colors = hues(all.length);
    all.sort(order).forEach((group, at) => {
      const pairs = names.filter((name) => name in group.run.settings);
      const words = pairs.map((name) => `${lastPart(name)} ${short(group.run.settings[name])}`);
      const label = [...(isOneTask ? [] : [group.run.task]), ...words].join(", ") || group.run.task;
      Object.assign(group, { label, color: colors[at] });
    });
    const isTwin = (group) => all.some((other) => other !== group && other.label === group.label);
    const twins = all.filter(isTwin); // lists differ, which are no settings
    twins.forEach((group) => (group.label += ` (${group.run.key.slice(0, 4)} …)`));
    return all;
  }

  furnish(element, title) {
    this.tools = h("div", { class: "row tools" });
    this.place = h("div", {});
    this.progress = h("p", { class: "quiet", role: "status" });
    fill(element, h("h1", {}, title), this.tools, this.progress, this.place, this.list());
    this.offer();
  }

  offer() {
    const isMap = this.state.layout === "map";
    const settings = this.names.map((name) => [name, lastPart(name)]);
    const layouts = Object.entries(LAYOUTS).filter(([name]) => name !== "map" || this.names.length > 0);
    const hasForks = this.runs.some((run) => run.parent);
    const forMap = () => [
      this.choose("value", "value", MILESTONES),
      this.choose("x", "across", settings),
      this.choose("y", "up", settings),
    ];
    const forLines = () => [
      this.choose("quantity", "quantity", this.quantities()),
      hasForks && this.choose("align", "steps from", STARTS),
    ];
    fill(this.tools, this.choose("layout", "show", layouts), isMap ? forMap() : forLines());
  }

  choose(name, word, options) {
    const option = ([value, text]) => h("option", { value, selected: this.state[name] === value }, text);
    const onchange = (event) => this.change(name, event.target.value);
    return h("label", { "data-name": name }, `${word} `, h("select", { onchange }, options.map(option)));
  }

  quantities() {
    const names = new Set([...this.records.values()].flatMap((columns) => Object.keys(columns)));
    const others = [...names].filter((name) => !DRAWN_TOGETHER.test(name));
    return ["accuracy", "loss", ...others].map((name) => [name, name.replaceAll("_", " ")]);
  }

  change(name, value) {
    this.state[name] = value;
    keep({ [name]: value });
    this.offer();
    this.tools.querySelector(`[data-name="${name}"] select`)?.focus();
    this.draw();
  }

  async fetch() {
    const waiting = [...this.runs];
    const worker = async () => {
      while (waiting.length && !this.signal.aborted) await this.read(waiting.shift());
    };
    this.lost = 0;
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (this.signal.aborted) return;
    this.progress.textContent = this.lost ? `${this.lost} of the runs cannot be read, and are left out.` : "";
    this.offer();
    this.draw();
  }

  async read(run) {
    try {
      const found = await get(`runs/${run.key}`, this.signal);
      this.records.set(run.key, unpackAll(found.columns));
      run.unit = found.unit;
    } catch {
      this.lost++;
    }
    this.progress.textContent = `${this.records.size} of ${this.runs.length} runs are read.`;
  }

  clear() {
    this.charts.forEach((one) => one.remove());
    this.charts = [];
  }

  draw() {
    this.clear();
    const { layout } = this.state;
    this.charts = layout === "map" ? [this.map()] : layout === "apart" ? this.apart() : this.together();
    const kind = { apart: "grid small", together: "grid wide" }[layout] ?? "";
    fill(
      this.place,
      h(
        "div",
        { class: kind },
        this.charts.map((one) => one.element),
      ),
    );
  }

  /** The parts of a quantity that have columns of their own. */
  parts() {
    return ["accuracy", "loss"].includes(this.state.quantity) ? ["train", "validation"] : [""];
  }

  /** A chart a group, with a line a part. */
  apart() {
    const line = (group) => (part) => this.pool(group, part, part ? { name: part, color: part } : group);
    const one = (group) => this.chart(this.parts().map(line(group)), group.label, HEIGHTS.apart);
    return this.groups.map(one);
  }

  /** A chart a part, with a line a group. */
  together() {
    const line = (part) => (group) => this.pool(group, part, group);
    const title = (part) => `${part} ${this.state.quantity}`.trim();
    const one = (part) => this.chart(this.groups.map(line(part)), title(part), HEIGHTS.together);
    return this.parts().reverse().map(one);
  }

  get isAligned() {
    return this.state.align === "fork";
  }

  chart(pools, title, height) {
    const { quantity } = this.state;
    const isLoss = quantity === "loss";
    const label = isLoss ? `loss (${this.runs[0].unit ?? "nats"})` : quantity.replaceAll("_", " ");
    const xLabel = this.isAligned ? "optimizer steps after the fork" : undefined;
    const look = { title, label, height, xLabel, isLogX: !this.isAligned, isLogY: isLoss };
    const one = chart({ ...look, isShare: quantity === "accuracy" });
    const known = pools.filter((pool) => pool.steps.length);
    if (!known.length) return one;
    one.set(...drawn(known));
    if (this.isAligned) one.mark([{ step: 0, word: "fork", color: "quiet" }]);
    return one;
  }

  pool(group, part, { name, color, label }) {
    const members = group.members.filter((run) => this.records.has(run.key));
    const shifts = members.map((run) => (this.isAligned ? this.forkOf(run) : 0));
    const column = part ? `${part}_${this.state.quantity}` : this.state.quantity;
    const found = pooled(
      members.map((run) => this.records.get(run.key)),
      column,
      shifts,
    );
    const many = members.length > 1 ? ` (median and range of ${members.length})` : "";
    return { ...found, name: name ?? `${label}${many}`, color, count: members.length };
  }

  /** Return the step at which a run was forked, or others were forked from it. */
  forkOf(run) {
    if (run.parent) return run.parent.step;
    return this.runs.find((other) => other.parent?.run === run.name)?.parent.step ?? 0;
  }

  map() {
    const { x, y, value } = this.state;
    const places = groups(this.runs, (run) => JSON.stringify([run.settings[x] ?? null, run.settings[y] ?? null]));
    const points = places.map((members) => ({
      x: members[0].settings[x] ?? null,
      y: members[0].settings[y] ?? null,
      value: medianStep(members.map((run) => run[value])),
    }));
    return heatmap({ title: `Median step: ${value.replace("_at", "")}`, x, y, points });
  }

  numeric() {
    const isNumber = (name) => this.runs.every((run) => typeof run.settings[name] === "number");
    return [...this.names.filter(isNumber), ...this.names.filter((name) => !isNumber(name))];
  }

  list() {
    const middle = (members, name) => h("td", {}, inSteps(medianStep(members.map((run) => run[name]))));
    const linked = (run, at) => [at ? " " : "", linkTo(run)];
    const row = ({ label, members }) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, label),
        middle(members, "memorized_at"),
        middle(members, "generalized_at"),
        h("td", {}, members.map(linked)),
      );
    const heads = ["setting", "memorized", "generalized", "runs"].map((word) => h("th", { scope: "col" }, word));
    const caption = h("caption", {}, "Medians over seeds; a dash where the median run did not");
    return h(
      "table",
      { class: "plain" },
      caption,
      h("thead", {}, h("tr", {}, heads)),
      h("tbody", {}, this.groups.map(row)),
    );
  }
}

function linkTo(run) {
  return h("a", { href: link(["run", run.key]), title: run.name }, run.key.slice(0, 4));
}

/** Return pools as the steps, lines and bands of a chart. */
function drawn(pools) {
  const { steps, values } = together(pools);
  const [lines, bands] = [[], []];
  pools.forEach(({ name, color, count }, at) => {
    const place = lines.length;
    lines.push({ name, color, values: values[at].middle });
    if (count < 2) return;
    const edge = { color, width: 0, isQuiet: true };
    lines.push({ ...edge, name: `${name}, least`, values: values[at].low });
    lines.push({ ...edge, name: `${name}, most`, values: values[at].high });
    bands.push({ low: place + 1, high: place + 2, color });
  });
  return [steps, lines, bands];
}
