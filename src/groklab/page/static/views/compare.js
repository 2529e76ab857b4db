// Several runs: seeds as median and range, sweeps as small multiples or a map, forks from where they part.

import { here, keep, link } from "../address.js";
import { chart } from "../chart.js";
import { fill, h } from "../dom.js";
import { heatmap } from "../heatmap.js";
import { pooled, together } from "../pool.js";
import { allRuns, differing, groups, medianStep, search, telling } from "../runlist.js";
import { get } from "../source.js";
import { unpackAll } from "../unpack.js";
import { lastPart, short, steps as inSteps } from "../words.js";

const MOST = 300; // runs
const AT_ONCE = 6; // that are fetched
const COLORS = ["#2a7fb8", "#d1495b", "#1b9e77", "#c77f0a", "#8a56c2", "#5b6770", "#b0357f", "#7a8f00"];
const LAYOUTS = { together: "together", apart: "small multiples", map: "map over two settings" };

export async function render(element) {
  const { query } = here();
  const { runs } = await allRuns();
  const wanted = query.get("runs") ? new Set(query.get("runs").split(",")) : null;
  const chosen = runs.filter((run) => (wanted ? wanted.has(run.key) : search(query.get("find") ?? "")(run)) && run.state !== "damaged").slice(0, MOST);
  const view = new CompareView(element, chosen, query);
  await view.open();
  return () => view.end();
}

class CompareView {
  constructor(element, runs, query) {
    const at = (name, usual) => query.get(name) ?? usual;
    Object.assign(this, { element, runs, records: new Map(), charts: [], isEnded: false });
    this.state = { quantity: at("quantity", "accuracy"), layout: at("layout", "together"), align: at("align", "start"), x: at("x", ""), y: at("y", ""), value: at("value", "generalized_at") };
  }

  async open() {
    if (this.runs.length < 2) {
      fill(this.element, h("h1", {}, "Compare"), h("p", {}, "Choose two runs or more in ", h("a", { href: "#/runs" }, "the list"), ", and compare them there."));
      return;
    }
    this.groups = groups(this.runs).map((members) => ({ members, run: members[0] }));
    this.names = differing(this.runs);
    this.telling = telling(this.groups.map((group) => group.run), this.names);
    this.groups.sort((one, other) => this.telling.map((name) => compared(one.run.settings[name], other.run.settings[name])).find((order) => order !== 0) ?? 0);
    const isOneTask = new Set(this.runs.map((run) => run.task)).size === 1;
    this.groups.forEach((group, at) => Object.assign(group, { label: this.label(group.run, isOneTask), color: this.groups.length <= COLORS.length ? COLORS[at] : `hsl(${Math.round((360 * at) / this.groups.length)} 60% 48%)` }));
    const twice = (label) => this.groups.filter((group) => group.label === label).length > 1; // lists differ, which are no settings
    this.groups.filter((group) => twice(group.label)).forEach((group) => (group.isTwin = true));
    this.groups.filter((group) => group.isTwin).forEach((group) => (group.label += ` (${group.run.key.slice(0, 4)} …)`));
    const [x, y] = this.numeric();
    Object.assign(this.state, { x: this.state.x || x, y: this.state.y || (y ?? x) });
    this.tools = h("div", { class: "row tools" });
    this.place = h("div", {});
    this.progress = h("p", { class: "quiet", role: "status" });
    fill(this.element, h("h1", {}, `Compare ${this.runs.length} runs`), this.tools, this.progress, this.place, this.list());
    this.furnish();
    await this.fetch();
  }

  label(run, isOneTask) {
    const pairs = this.telling.filter((name) => name in run.settings).map((name) => `${lastPart(name)} ${short(run.settings[name])}`);
    return [...(isOneTask ? [] : [run.task]), ...pairs].join(", ") || run.task;
  }

  furnish() {
    const choose = (name, word, options) => h("label", {}, `${word} `, h("select", { onchange: (event) => this.change(name, event.target.value) }, options.map(([value, text]) => h("option", { value, selected: this.state[name] === value }, text))));
    const isMap = this.state.layout === "map";
    const settings = this.names.map((name) => [name, lastPart(name)]);
    const hasForks = this.runs.some((run) => run.parent);
    fill(
      this.tools,
      choose("layout", "show", Object.entries(LAYOUTS).filter(([name]) => name !== "map" || this.names.length > 0)),
      isMap ? null : choose("quantity", "quantity", this.quantities()),
      isMap ? null : hasForks && choose("align", "steps from", [["start", "the start"], ["fork", "the fork"]]),
      isMap ? [choose("value", "value", [["generalized_at", "generalized at"], ["memorized_at", "memorized at"], ["settled_at", "settled at"]]), choose("x", "across", settings), choose("y", "up", settings)] : null,
    );
  }

  quantities() {
    const names = new Set([...this.records.values()].flatMap((columns) => Object.keys(columns)));
    const others = [...names].filter((name) => !/^(step|run|(train|validation)_(accuracy|loss))$/.test(name));
    return [["accuracy", "accuracy"], ["loss", "loss"], ...others.map((name) => [name, name.replaceAll("_", " ")])];
  }

  change(name, value) {
    this.state[name] = value;
    keep({ [name]: value });
    this.furnish();
    this.draw();
  }

  async fetch() {
    const waiting = [...this.runs];
    let lost = 0;
    const worker = async () => {
      while (waiting.length && !this.isEnded) {
        const run = waiting.shift();
        try {
          const found = await get(`runs/${run.key}`);
          this.records.set(run.key, unpackAll(found.columns));
          run.unit = found.unit;
        } catch {
          lost++;
        }
        this.progress.textContent = `${this.records.size} of ${this.runs.length} runs are read.`;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (this.isEnded) return;
    this.progress.textContent = lost ? `${lost} of the runs cannot be read, and are left out.` : "";
    this.furnish();
    this.draw();
  }

  draw() {
    this.charts.forEach((one) => one.remove());
    this.charts = [];
    if (this.state.layout === "map") return fill(this.place, this.map());
    const parts = ["accuracy", "loss"].includes(this.state.quantity) ? ["train", "validation"] : [""];
    const charts = this.state.layout === "apart" ? this.groups.map((group) => this.chart([group], parts, group.label, 170)) : [...parts].reverse().map((part) => this.chart(this.groups, [part], `${part} ${this.state.quantity}`.trim(), 320));
    this.charts = charts;
    fill(this.place, h("div", { class: this.state.layout === "apart" ? "grid small" : "grid wide" }, charts.map((one) => one.element)));
  }

  chart(groups, parts, title, height) {
    const isAligned = this.state.align === "fork";
    const { quantity } = this.state;
    const pools = groups.flatMap((group) => parts.map((part) => this.pool(group, part ? `${part}_${quantity}` : quantity, isAligned, parts.length > 1 ? part : "")));
    const known = pools.filter((pool) => pool.steps.length);
    const one = chart({ title, label: quantity === "loss" ? `loss (${this.runs[0].unit ?? "nats"})` : quantity.replaceAll("_", " "), isShare: quantity === "accuracy", isLogY: quantity === "loss", isLogX: !isAligned, xLabel: isAligned ? "optimizer steps after the fork" : undefined, height });
    if (!known.length) return one;
    const { steps, values } = together(known);
    const lines = [];
    const bands = [];
    known.forEach((pool, at) => {
      const place = lines.length;
      lines.push({ name: pool.name, color: pool.color, dash: pool.dash, values: values[at].middle });
      if (pool.count < 2) return;
      lines.push({ name: `${pool.name}, least`, color: pool.color, width: 0, isQuiet: true, values: values[at].low }, { name: `${pool.name}, most`, color: pool.color, width: 0, isQuiet: true, values: values[at].high });
      bands.push({ low: place + 1, high: place + 2, color: pool.color });
    });
    one.set(steps, lines, bands);
    if (isAligned) one.mark([{ step: 0, word: "fork", color: "quiet" }]);
    return one;
  }

  pool(group, name, isAligned, part) {
    const members = group.members.filter((run) => this.records.has(run.key));
    const shifts = members.map((run) => (isAligned ? this.forkOf(run) : 0));
    const count = members.length > 1 ? ` (median and range of ${members.length})` : "";
    const isAlone = part !== "";
    return { ...pooled(members.map((run) => this.records.get(run.key)), name, shifts), name: isAlone ? part : `${group.label}${count}`, color: isAlone ? part : group.color, count: members.length };
  }

  /** Return the step at which a run was forked, or others were forked from it. */
  forkOf(run) {
    if (run.parent) return run.parent.step;
    const child = this.runs.find((other) => other.parent?.run === run.name);
    return child ? child.parent.step : 0;
  }

  map() {
    const { x, y } = this.state;
    const cellsOf = new Map();
    for (const run of this.runs) {
      const place = JSON.stringify([run.settings[x] ?? null, run.settings[y] ?? null]);
      cellsOf.set(place, [...(cellsOf.get(place) ?? []), run[this.state.value] ?? null]);
    }
    const points = [...cellsOf].map(([place, values]) => ({ x: JSON.parse(place)[0], y: JSON.parse(place)[1], value: medianStep(values) }));
    return heatmap({ title: `Median step: ${this.state.value.replace("_at", "")}`, x, y, points });
  }

  numeric() {
    const isNumber = (name) => this.runs.every((run) => typeof run.settings[name] === "number");
    return [...this.names.filter(isNumber), ...this.names.filter((name) => !isNumber(name))];
  }

  list() {
    const rows = this.groups.map(({ label, members }) => h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, inSteps(medianStep(members.map((run) => run.memorized_at)))), h("td", {}, inSteps(medianStep(members.map((run) => run.generalized_at)))), h("td", {}, members.map((run, at) => [at ? " " : "", h("a", { href: link(["run", run.key]), title: run.name }, run.key.slice(0, 4))]))));
    return h("table", { class: "plain" }, h("caption", {}, "Medians over seeds; a dash where the median run did not"), h("thead", {}, h("tr", {}, ["setting", "memorized", "generalized", "runs"].map((word) => h("th", { scope: "col" }, word)))), h("tbody", {}, rows));
  }

  end() {
    this.isEnded = true;
    this.charts.forEach((one) => one.remove());
  }
}

/** Put numbers in their order, words in theirs, and what is missing first. */
function compared(one, other) {
  if (one === other) return 0;
  if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
  return one < other ? -1 : 1;
}
