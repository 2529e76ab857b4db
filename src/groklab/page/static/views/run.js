// A run: its curves, and one slider over everything else.

import { here, keep, keepSoon } from "../address.js";
import { announce, code, fill, h, trouble } from "../dom.js";
import * as live from "../live.js";
import { Moments } from "../moments.js";
import { PANELS } from "../panels/all.js";
import { curves } from "../panels/curves.js";
import { measuredPanel } from "../panels/measured.js";
import { tablePanel } from "../panels/table.js";
import { get } from "../source.js";
import { onTurn } from "../theme.js";
import { timeline } from "../timeline.js";
import { joined, unpack, unpackAll } from "../unpack.js";
import { STATES, percent, steps as inSteps, timeLeft } from "../words.js";
import { planSection } from "./plan.js";

const FEW = 3; // kept weights: of fewer, nothing is seen to move

/** Show the run whose key is in the address. Return its name. */
export async function render(element, [key], signal) {
  const { query } = here();
  const step = query.has("step") ? Number(query.get("step")) : null;
  const view = new RunView(key, { isLogX: query.get("x") !== "linear", step, signal });
  fill(element, h("p", { class: "quiet" }, "Opening the run …"));
  await view.open(element);
  return view.run.name;
}

/** The view of a run, also as a part of another. */
export class RunView {
  constructor(key, { isLogX = true, step = null, isPart = false, signal }) {
    Object.assign(this, { key, isLogX, isPart, first: step, signal, panels: [], answers: [], table: null });
  }

  /** Show it; what takes a network comes when it is there. */
  async open(element) {
    await this.read();
    this.furnish(element);
    this.tell();
    this.record(true);
    if (this.first !== null) this.slider.to(this.first);
    this.follow();
    if (!this.isPart) this.measured.offer();
    this.openTable();
    this.openMoments();
    this.offer();
  }

  async read() {
    this.run = await get(`runs/${encodeURIComponent(this.key)}`, this.signal);
    this.columns = unpackAll(this.run.columns);
  }

  furnish(element) {
    const { key, isLogX, signal } = this;
    const onHover = (step) => this.slider.isPlaying || this.slider.to(step);
    this.head = h("div", {});
    this.grid = h("div", { class: "grid" });
    this.missing = h("div", {});
    this.lack = h("div", { hidden: true });
    this.slider = timeline((step) => this.at(step), signal);
    this.curves = curves({ unit: this.run.unit, isLogX, onHover, signal });
    this.measured = measuredPanel({ key, isLogX, onHover, signal });
    onTurn(() => this.draw(), signal);
    const below = this.isPart ? null : [this.measured.element, planSection(this)];
    fill(element, this.head, this.slider.element, this.grid, this.missing, below);
    this.grid.append(...this.curves.elements, this.lack);
  }

  follow() {
    if (this.run.state !== "running" && this.run.state !== "stopped") return;
    const last = this.columns.step?.at(-1) ?? -1;
    live.follow(this.key, last, (news) => this.take(news), this.signal);
    live.onRuns(({ runs }) => this.change(runs.find((run) => run.key === this.key)), this.signal);
  }

  /** Take new rows, and how far the run is by them: its status is written more seldom. */
  take(news) {
    const wasAtEnd = this.slider.isAtEnd && !this.slider.isPlaying;
    this.columns = joined(this.columns, unpackAll(news.columns));
    const last = (name) => this.columns[name]?.at(-1);
    const reached = { step: news.last, ...pick(news.milestones, ["memorized_at", "generalized_at", "settled_at"]) };
    const accuracies = { train_accuracy: last("train_accuracy"), validation_accuracy: last("validation_accuracy") };
    Object.assign(this.run, reached, accuracies, { milestones: news.milestones, phases: news.phases });
    this.moments?.extend(news.snapshots);
    this.record(wasAtEnd);
  }

  async change(mine) {
    if (!mine) return;
    const hasEnded = this.run.state === "running" && mine.state !== "running";
    Object.assign(this.run, mine.step < this.run.step ? pick(mine, ["state", "seconds", "trouble"]) : mine);
    this.tell();
    if (!hasEnded) return;
    try {
      await this.refresh();
    } catch (error) {
      if (!this.signal.aborted) fill(this.missing, trouble(error));
    }
  }

  async refresh() {
    await this.read();
    this.record(this.slider.isAtEnd);
    announce(`${this.run.name} is ${STATES[this.run.state]}.`);
    if (!this.table) await this.openTable();
    await this.moments?.renew();
    await this.offer();
  }

  /** Draw what was recorded so far. */
  record(isAtEnd) {
    this.tell();
    if (!this.columns.step?.length) return;
    this.curves.set(this.columns);
    this.curves.mark(this.run.milestones, this.run.phases);
    this.measured.set(this.columns);
    this.slider.set(this.columns.step, isAtEnd);
  }

  async openTable() {
    if (!this.run.has_table) return;
    try {
      const table = await get(`runs/${this.key}/table`, this.signal);
      if (!table || this.table) return;
      this.answers = table.answers.map((each) => ({ step: each.step, answers: unpack(each.answers) }));
      this.answers.sort((one, other) => one.step - other.step);
      this.described = table;
      this.table = tablePanel(table);
      this.lack.before(this.table.element);
      this.draw();
    } catch (error) {
      if (!this.signal.aborted) fill(this.missing, trouble(error));
    }
  }

  async openMoments() {
    if (!this.run.has_table) return;
    this.moments = new Moments(this.key, () => this.draw(), this.signal);
    await this.moments.begin();
  }

  /** Say which command would keep weights on the way, where a run has not. */
  async offer() {
    if (this.run.snapshots.length >= FEW || this.run.state === "running") return;
    let keeps = null;
    try {
      ({ keeps } = await get(`runs/${this.key}/commands`, this.signal));
    } catch {
      return; // a plan of another version: the reason stands beneath, where its command would
    }
    const known = this.run.has_table ? "the table is known at its milestones, the rest" : "what measures say is known";
    const words = `This run has not kept its weights on the way: ${known} at the end.`;
    const more = keeps && " This trains it again, the same bit for bit, and keeps them:";
    fill(this.missing, h("div", { class: "offer" }, h("p", {}, words, more), keeps && code(keeps)));
  }

  /** Go to a step: everything shows it. */
  at(step) {
    this.curves.at(step);
    this.measured.at(step);
    this.draw();
    if (!this.isPart) keepSoon({ step: this.slider.isAtEnd ? "" : step });
  }

  draw() {
    if (this.signal.aborted) return;
    const { step } = this.slider;
    const moment = this.moments?.at(step) ?? null;
    if (this.table) {
      const known = this.answers.filter((each) => each.step <= step).at(-1);
      const latest = [known, moment].filter(Boolean).sort((one, other) => other.step - one.step)[0];
      this.table.draw(latest?.answers ?? null, latest?.step ?? 0);
    }
    this.tellLack();
    if (!moment) return;
    if (!this.panels.length && this.described) this.openPanels(moment);
    this.panels.forEach((panel) => panel.draw(moment, this.moments.last));
  }

  /** Say where pictures would be why there are none, or not all. */
  tellLack() {
    const text = this.moments?.trouble ?? "";
    this.lack.hidden = !text;
    if (this.lack.textContent !== text) fill(this.lack, text && trouble(text));
  }

  openPanels(moment) {
    const address = this.isPart ? { query: new URLSearchParams(), keep() {} } : { query: here().query, keep };
    const context = { key: this.key, table: this.described, moment, ...address };
    this.panels = PANELS.filter((panel) => panel.isFor(moment)).map((panel) => panel.make(context));
    this.lack.before(...this.panels.map((panel) => panel.element));
  }

  tell() {
    const { run } = this;
    const left = run.state === "running" ? `, ${timeLeft(run)}` : "";
    const facts = [
      [STATES[run.state], `${inSteps(run.step)} of ${inSteps(run.steps)} steps${left}`],
      ["memorized", inSteps(run.memorized_at)],
      ["generalized", inSteps(run.generalized_at)],
      ["settled", inSteps(run.settled_at)],
      ["training accuracy", percent(run.train_accuracy)],
      ["validation accuracy", percent(run.validation_accuracy)],
    ];
    const list = facts.map(([word, value]) => h("div", {}, h("dt", {}, word), h("dd", {}, value)));
    fill(this.head, this.isPart ? null : h("h1", {}, run.name), h("dl", { class: "facts" }, list));
  }
}

function pick(values, names) {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}
