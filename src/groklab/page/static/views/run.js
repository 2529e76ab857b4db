// A run: its curves, and one slider over everything else.

import { here, keep, link } from "../address.js";
import { announce, code, fill, h, trouble } from "../dom.js";
import { saveCsv } from "../figure.js";
import * as live from "../live.js";
import { Moments } from "../moments.js";
import { attentionPanel } from "../panels/attention.js";
import { curves } from "../panels/curves.js";
import { embeddingPanel, spectrumPanel } from "../panels/embedding.js";
import { measuredPanel } from "../panels/measured.js";
import { neuronsPanel } from "../panels/neurons.js";
import { tablePanel } from "../panels/table.js";
import { get, isStill } from "../source.js";
import { onTurn } from "../theme.js";
import { timeline } from "../timeline.js";
import { joined, unpack, unpackAll } from "../unpack.js";
import { STATES, percent, short, steps as inSteps, timeLeft } from "../words.js";

const MEASURES = ["spectrum", "progress", "neurons", "heads", "sharpness", "curvature", "gradient-noise", "distance", "mean-cosine", "collapse", "weight-norm", "accuracy", "loss"];

/** Show the run whose key is in the address. Return what ends it. */
export async function render(element, key) {
  const { query } = here();
  const view = new RunView(key, { isLogX: query.get("x") !== "linear", step: query.get("step") });
  fill(element, h("p", { class: "quiet" }, "Opening the run …"));
  await view.open(element);
  return () => view.end();
}

/** The view of a run, also as a part of another. */
export class RunView {
  constructor(key, { isLogX = true, step = null, isPart = false } = {}) {
    Object.assign(this, { key, isLogX, isPart, first: step === null ? null : Number(step), ends: [], panels: [], isEnded: false });
  }

  async open(element) {
    this.run = await get(`runs/${encodeURIComponent(this.key)}`);
    if (this.isEnded) return;
    this.columns = unpackAll(this.run.columns);
    this.kept = [];
    this.head = h("div", {});
    this.table = null;
    this.grid = h("div", { class: "grid" });
    this.missing = h("div", {});
    this.slider = timeline((step) => this.at(step));
    const onHover = (step) => this.slider.isPlaying || this.slider.to(step);
    this.curves = curves({ unit: this.run.unit, isLogX: this.isLogX, onHover });
    this.measured = measuredPanel({ key: this.key, names: isStill || !this.run.snapshots.length ? [] : MEASURES, isLogX: this.isLogX, onHover });
    this.ends.push(() => this.slider.remove(), () => this.curves.remove(), () => this.measured.remove(), onTurn(() => this.draw()));
    fill(element, this.head, this.slider.element, this.grid, this.missing, this.isPart ? null : [this.measured.element, this.about()]);
    this.grid.append(...this.curves.elements);
    this.tell();
    this.record(true);
    if (this.first !== null) this.slider.to(this.first);
    this.follow();
    await Promise.all([this.openTable(), this.openMoments()]);
  }

  follow() {
    if (this.run.state !== "running" && this.run.state !== "stopped") return;
    const last = this.columns.step?.at(-1) ?? -1;
    this.ends.push(
      live.follow(this.key, last, (news) => {
        const wasAtEnd = this.slider.isAtEnd && !this.slider.isPlaying;
        this.columns = joined(this.columns, unpackAll(news.columns));
        this.moments?.extend(news.snapshots);
        this.record(wasAtEnd);
      }),
      live.onRuns(async (changed) => {
        const mine = changed.find((run) => run.key === this.key);
        if (!mine) return;
        const hasEnded = this.run.state === "running" && mine.state !== "running";
        Object.assign(this.run, mine);
        this.tell();
        if (hasEnded) await this.refresh();
      }),
    );
  }

  async refresh() {
    this.run = await get(`runs/${encodeURIComponent(this.key)}`);
    if (this.isEnded) return;
    this.columns = unpackAll(this.run.columns);
    this.tell();
    this.record(this.slider.isAtEnd);
    announce(`${this.run.name} is ${STATES[this.run.state]}.`);
    if (!this.table) await this.openTable();
    await this.moments?.renew();
  }

  /** Draw what was recorded so far. */
  record(isAtEnd) {
    if (!this.columns.step?.length) return;
    if (this.run.state === "running") Object.assign(this.run, { settled_at: null, milestones: crossings(this.columns, this.run.levels) }, reached(this.columns, this.run.levels));
    this.tell();
    this.curves.set(this.columns);
    this.curves.mark(this.run.milestones, this.run.phases);
    this.measured.set(this.columns);
    this.slider.set(this.columns.step, isAtEnd);
  }

  async openTable() {
    if (!this.run.has_table) return;
    try {
      const table = await get(`runs/${this.key}/table`);
      if (this.isEnded || !table || this.table) return;
      this.answers = table.answers.map((each) => ({ step: each.step, answers: unpack(each.answers) })).sort((a, b) => a.step - b.step);
      this.described = table;
      this.table = tablePanel(table);
      this.grid.append(this.table.element);
      this.draw();
    } catch (error) {
      fill(this.missing, trouble(error));
    }
  }

  async openMoments() {
    if (!this.run.has_table) return;
    this.moments = new Moments(this.key, () => this.draw());
    this.ends.push(() => this.moments.end());
    await this.moments.begin();
    if (!this.isEnded && this.run.snapshots.length < 3 && this.run.state !== "running") this.offer();
  }

  /** Say which command would keep weights on the way, where a run has not. */
  async offer() {
    try {
      const commands = await get(`runs/${this.key}/commands`);
      const words = "This run has not kept its weights on the way: the table is known at its milestones, the rest at the end.";
      fill(this.missing, h("div", { class: "offer" }, h("p", {}, commands.keeps ? `${words} This trains it again, the same bit for bit, and keeps them:` : words), commands.keeps && code(commands.keeps)));
    } catch {
      // a plan of another version: the reason stands where the network would
    }
  }

  /** Go to a step: everything shows it. */
  at(step) {
    this.curves.at(step);
    this.measured.at(step);
    if (!this.isPart) keep({ step: this.slider.isAtEnd ? "" : step });
    this.draw();
  }

  draw() {
    if (this.isEnded) return;
    const step = this.slider.step;
    const moment = this.moments?.at(step) ?? null;
    if (this.table) {
      const known = this.answers.filter((each) => each.step <= step).at(-1);
      const latest = [known, moment].filter(Boolean).sort((one, other) => other.step - one.step)[0];
      this.table.draw(latest?.answers ?? null, latest?.step ?? 0);
    }
    if (!moment) return;
    if (!this.panels.length && this.described) this.furnish(moment);
    this.panels.forEach((panel) => panel.draw(moment, this.moments.last));
  }

  furnish(moment) {
    const onChoose = (plane) => this.isPart || keep({ plane });
    this.panels.push(embeddingPanel(this.key, { plane: this.isPart ? null : here().query.get("plane"), onChoose }));
    if (moment.embedding.spectrum) this.panels.push(spectrumPanel());
    if (moment.neurons?.frequency.length) this.panels.push(neuronsPanel());
    if (moment.attention.length) this.panels.push(attentionPanel(moment, this.described));
    this.grid.append(...this.panels.map((panel) => panel.element));
  }

  tell() {
    const { run } = this;
    const facts = [
      [STATES[run.state], `${inSteps(run.step)} of ${inSteps(run.steps)} steps${run.state === "running" ? `, ${timeLeft(run)}` : ""}`],
      ["memorized", inSteps(run.memorized_at)],
      ["generalized", inSteps(run.generalized_at)],
      ["settled", inSteps(run.settled_at)],
      ["training accuracy", percent(run.train_accuracy)],
      ["validation accuracy", percent(run.validation_accuracy)],
    ];
    fill(
      this.head,
      this.isPart ? null : h("h1", {}, run.name),
      h("dl", { class: "facts" }, facts.map(([word, value]) => h("div", {}, h("dt", {}, word), h("dd", {}, value)))),
    );
  }

  about() {
    const { run } = this;
    const family = [run.parent && ["forked from", [{ name: run.parent.run, key: run.parent.run.slice(run.parent.run.lastIndexOf("-") + 1), at: run.parent.step }]], run.forks.length && ["forks", run.forks], run.seeds_of_it.length && ["other seeds", run.seeds_of_it]].filter(Boolean);
    const commands = h("div", {}, h("p", { class: "quiet" }, "reading the plan …"));
    this.tellCommands(commands);
    const all = [this.key, ...run.seeds_of_it.map((each) => each.key)];
    return h(
      "section",
      { "aria-label": "Plan" },
      h("p", { class: "row" }, h("button", { type: "button", onclick: () => this.saveAll() }, "all numbers as CSV"), h("a", { class: "button", href: link(["run", this.key], { ...Object.fromEntries(here().query), x: this.isLogX ? "linear" : "" }) }, this.isLogX ? "linear steps" : "logarithmic steps"), all.length > 1 && h("a", { class: "button", href: link(["compare"], { runs: all.join(",") }) }, "compare its seeds")),
      family.map(([word, runs]) => h("p", {}, `${word}: `, runs.slice(0, 40).map((each, at) => [at ? ", " : "", h("a", { href: link(["run", each.key]) }, each.name), each.at !== undefined && each.at !== null ? ` (step ${inSteps(each.at)})` : ""]))),
      h("details", { open: true }, h("summary", {}, "The command that makes it"), commands),
      h("details", {}, h("summary", {}, "The Python that opens it"), code(run.python)),
      h("details", {}, h("summary", {}, "Its plan"), settingsTable(run)),
    );
  }

  async tellCommands(place) {
    try {
      const found = await get(`runs/${this.key}/commands`);
      const besides = found.besides.length ? h("p", { class: "quiet" }, `It also records ${found.besides.join(", ")}, which only a plan in Python asks for.`) : null;
      fill(place, found.makes ? code(found.makes) : h("p", {}, "No words say this plan: open it in Python."), besides);
    } catch (error) {
      fill(place, trouble(error));
    }
  }

  saveAll() {
    const names = Object.keys(this.columns);
    saveCsv(this.run.name, [names, ...[...this.columns.step].map((_, at) => names.map((name) => this.columns[name][at]))]);
  }

  end() {
    this.isEnded = true;
    this.ends.forEach((end) => end());
  }
}

function settingsTable(run) {
  const rows = [...Object.entries(run.settings), ["", ""], ...Object.entries(run.versions).map(([name, value]) => [`version of ${name}`, value]), ["device", run.hardware.device ?? "–"]];
  return h("table", { class: "plain" }, h("tbody", {}, rows.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, name.startsWith("version") ? String(value) : short(value))))));
}

/** Return what the status of a run that is still trained would be: it is written more seldom than rows are. */
function reached(columns, levels) {
  const last = (name) => columns[name]?.at(-1);
  return { step: last("step"), train_accuracy: last("train_accuracy"), validation_accuracy: last("validation_accuracy"), ...crossings(columns, levels) };
}

/** Return the milestones of a run that is still trained. */
function crossings(columns, levels) {
  const first = (values, level) => {
    const at = values ? values.findIndex((value) => value >= level) : -1;
    return at < 0 ? null : columns.step[at];
  };
  return { memorized_at: first(columns.train_accuracy, levels.memorized_from), generalized_at: first(columns.validation_accuracy, levels.generalized_from) };
}

