// All runs of the store in a table that stays quick with thousands: only what is seen is there.

import { here, keep, link } from "../address.js";
import { fill, h } from "../dom.js";
import { saveCsv } from "../figure.js";
import * as live from "../live.js";
import { allRuns, differing, groups, medianStep, ordered, search } from "../runlist.js";
import { isStill } from "../source.js";
import { STATES, lastPart, percent, seedsOf, short, steps as inSteps, timeLeft } from "../words.js";

const ROW = 34; // pixels of a row
const SPARE = 12; // rows above and below what is seen
const COLUMNS = [
  ["name", "run"],
  ["state", "state"],
  ["step", "step"],
  ["memorized_at", "memorized"],
  ["generalized_at", "generalized"],
  ["settled_at", "settled"],
  ["validation_accuracy", "validation"],
];
const SETTINGS_SHOWN = 6;

export async function render(element) {
  const { query } = here();
  let view = null;
  const early = []; // what changes while the list is read
  const stops = [live.onRuns((changed) => (view ? view.take(changed) : early.push(...changed))), live.onGone((keys) => view?.drop(keys))];
  view = new RunsView(element, await allRuns(), query);
  view.furnish();
  view.take(early);
  const resized = new ResizeObserver(() => view.paint());
  resized.observe(view.window);
  return () => (stops.forEach((stop) => stop()), resized.disconnect());
}

class RunsView {
  constructor(element, { runs, store, values }, query) {
    Object.assign(this, { element, runs, store, values, chosen: new Set(), opened: new Set(), rows: [], shown: [] });
    this.find = query.get("find") ?? "";
    this.sort = query.get("sort") ?? "name";
    this.isGrouped = query.get("group") === "seeds";
  }

  furnish() {
    const names = [...new Set(Object.keys(this.values).map(lastPart))].sort();
    this.input = h("input", { type: "search", value: this.find, placeholder: "addition p=23 generalized<2000", "aria-label": "Search runs", list: "settings", oninput: () => this.search(this.input.value) });
    this.filter = h("select", { "aria-label": "Filter by setting", onchange: () => this.offer() }, h("option", { value: "" }, "filter by …"), names.map((name) => h("option", {}, name)));
    this.value = h("select", { "aria-label": "Value of the setting", hidden: true, onchange: () => this.narrow() });
    this.count = h("span", { class: "quiet", role: "status" });
    this.compare = h("a", { class: "button", href: "#/runs", hidden: true }, "compare");
    this.header = h("div", { class: "run-row head", role: "row" });
    this.sizer = h("div", { class: "sizer" });
    this.body = h("div", { class: "rows", role: "rowgroup" });
    this.window = h("div", { class: "window", tabindex: "0", role: "table", "aria-label": "Runs", onscroll: () => this.later() }, h("div", { role: "rowgroup", class: "sticky" }, this.header), h("div", { class: "sizer-box" }, this.sizer, this.body));
    const grouped = h("label", {}, h("input", { type: "checkbox", checked: this.isGrouped, onchange: (event) => this.group(event.target.checked) }), " seeds together");
    fill(
      this.element,
      h("h1", {}, "Runs"),
      h("p", { class: "quiet" }, `${this.store} `),
      h("div", { class: "row tools" }, this.input, h("datalist", { id: "settings" }, names.map((name) => h("option", { value: `${name}=` }))), this.filter, this.value, grouped, this.compare, h("button", { type: "button", onclick: () => this.save() }, "CSV"), this.count),
      this.window,
      this.runs.length ? null : h("p", {}, "No runs yet. ", isStill ? "" : [h("a", { href: link(["play"]) }, "Train one here"), ", or on a command line: groklab run addition p=23 model=mlp learning_rate=0.003 fraction=0.7 --steps 5000"]),
    );
  }

  search(text) {
    this.find = text;
    keep({ find: text });
    this.update();
  }

  offer() {
    const name = this.filter.value;
    const values = [...new Set(Object.entries(this.values).filter(([full]) => lastPart(full) === name).flatMap(([, each]) => each))];
    values.sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b))));
    fill(this.value, h("option", { value: "" }, "…"), values.slice(0, 500).map((value) => h("option", { value: String(value) }, short(value))));
    this.value.hidden = !name;
  }

  narrow() {
    if (!this.value.value) return;
    const name = this.filter.value;
    const others = this.find.split(/\s+/).filter((word) => word && !word.startsWith(`${name}=`));
    this.input.value = [...others, `${name}=${this.value.value.replaceAll(" ", "")}`].join(" ");
    this.search(this.input.value);
    this.filter.value = "";
    this.value.hidden = true;
  }

  group(isGrouped) {
    this.isGrouped = isGrouped;
    keep({ group: isGrouped ? "seeds" : "" });
    this.update();
  }

  order(name) {
    this.sort = this.sort === name ? `-${name}` : name;
    keep({ sort: this.sort === "name" ? "" : this.sort });
    this.update();
  }

  /** Take over runs that have changed. */
  take(changed) {
    const places = new Map(this.runs.map((run, at) => [run.key, at]));
    for (const run of changed) {
      if (places.has(run.key)) this.runs[places.get(run.key)] = run;
      else this.runs.push(run);
    }
    this.update();
  }

  /** Leave out runs that were removed. */
  drop(keys) {
    const gone = new Set(keys);
    this.runs = this.runs.filter((run) => !gone.has(run.key));
    keys.forEach((key) => this.chosen.delete(key));
    this.update();
  }

  update() {
    const is = search(this.find);
    this.shown = ordered(this.runs.filter(is), this.sort);
    this.names = differing(this.shown).slice(0, SETTINGS_SHOWN);
    this.rows = this.isGrouped ? groups(this.shown).flatMap((members) => this.groupRows(members)) : this.shown.map((run) => ({ run }));
    this.sizer.style.height = `${this.rows.length * ROW}px`;
    this.window.setAttribute("aria-rowcount", String(this.rows.length + 1));
    this.count.textContent = this.shown.length === this.runs.length ? `${inSteps(this.runs.length)} runs` : `${inSteps(this.shown.length)} of ${inSteps(this.runs.length)} runs`;
    this.columns();
    this.paint(true);
    this.choose();
  }

  groupRows(members) {
    if (members.length === 1) return [{ run: members[0] }];
    const isOpen = this.opened.has(members[0].group);
    return [{ group: members, isOpen }, ...(isOpen ? members.map((run) => ({ run, isInside: true })) : [])];
  }

  columns() {
    const heads = [...COLUMNS, ...this.names.map((name) => [name, lastPart(name)])];
    this.window.style.setProperty("--settings", this.names.map(() => "6.5rem").join(" ") || " ");
    fill(
      this.header,
      h("span", { role: "columnheader" }, h("span", { class: "unseen" }, "chosen")),
      heads.map(([name, word]) => {
        const isBy = this.sort.replace(/^-/, "") === name;
        const direction = isBy ? (this.sort.startsWith("-") ? "descending" : "ascending") : "none";
        return h("span", { role: "columnheader", "aria-sort": direction, class: `c-${name.replace(/\W/g, "-")}` }, h("button", { type: "button", title: name, onclick: () => this.order(name) }, word, isBy ? (direction === "descending" ? " ↓" : " ↑") : ""));
      }),
    );
  }

  later() {
    if (this.isPlanned) return;
    this.isPlanned = true;
    requestAnimationFrame(() => ((this.isPlanned = false), this.paint()));
  }

  /** Draw the rows that are seen, and a few more. */
  paint(isAnew = false) {
    const first = Math.max(0, Math.floor(this.window.scrollTop / ROW) - SPARE);
    const last = Math.min(this.rows.length, Math.ceil((this.window.scrollTop + this.window.clientHeight) / ROW) + SPARE);
    if (!isAnew && first === this.first && last === this.last) return;
    Object.assign(this, { first, last });
    const focused = document.activeElement?.closest?.(".run-row")?.dataset?.at;
    this.body.style.transform = `translateY(${first * ROW}px)`;
    fill(this.body, this.rows.slice(first, last).map((row, at) => (row.run ? this.row(row, first + at) : this.groupRow(row, first + at))));
    if (focused !== undefined && focused !== null) this.body.querySelector(`[data-at="${CSS.escape(focused)}"] a, [data-at="${CSS.escape(focused)}"] button`)?.focus();
  }

  row({ run, isInside }, at) {
    const state = run.trouble ? run.trouble : run.state === "running" ? timeLeft(run) : "";
    return h(
      "div",
      { class: `run-row is-${run.state}${isInside ? " is-inside" : ""}`, role: "row", "aria-rowindex": String(at + 2), "data-at": String(at) },
      cell(h("input", { type: "checkbox", checked: this.chosen.has(run.key), "aria-label": `choose ${run.name}`, onchange: (event) => this.pick([run], event.target.checked) })),
      cell(h("a", { href: link(["run", run.key]), title: run.name }, run.name), "c-name"),
      cell(h("span", { class: `state ${run.state}`, title: state }, STATES[run.state], state && h("small", {}, ` ${state}`)), "c-state"),
      cell(inSteps(run.step), "c-step number"),
      cell(inSteps(run.memorized_at), "c-memorized_at number"),
      cell(inSteps(run.generalized_at), "c-generalized_at number"),
      cell(inSteps(run.settled_at), "c-settled_at number"),
      cell(percent(run.validation_accuracy), "c-validation_accuracy number"),
      this.names.map((name) => cell(short(run.settings[name]), "number")),
    );
  }

  groupRow({ group, isOpen }, at) {
    const middle = (name) => inSteps(medianStep(group.map((run) => run[name])));
    const turn = () => {
      if (isOpen) this.opened.delete(group[0].group);
      else this.opened.add(group[0].group);
      this.update();
    };
    return h(
      "div",
      { class: "run-row is-group", role: "row", "aria-rowindex": String(at + 2), "data-at": String(at) },
      cell(h("input", { type: "checkbox", checked: group.every((run) => this.chosen.has(run.key)), "aria-label": `choose ${group.length} seeds`, onchange: (event) => this.pick(group, event.target.checked) })),
      cell(h("button", { type: "button", class: "turn", "aria-expanded": String(isOpen), onclick: turn }, `${isOpen ? "▾" : "▸"} ${group[0].task}, ${group.length} seeds`), "c-name"),
      cell("", "c-state"),
      cell("median", "c-step number quiet"),
      cell(middle("memorized_at"), "c-memorized_at number"),
      cell(middle("generalized_at"), "c-generalized_at number"),
      cell(middle("settled_at"), "c-settled_at number"),
      cell("", "c-validation_accuracy"),
      this.names.map((name) => cell(short(group[0].settings[name]), "number")),
    );
  }

  pick(runs, isChosen) {
    for (const run of runs) this.chosen[isChosen ? "add" : "delete"](run.key);
    this.choose();
    if (runs.length > 1) this.paint(true);
  }

  choose() {
    const count = this.chosen.size;
    const canAll = !count && this.shown.length > 1 && this.shown.length <= 300;
    this.compare.hidden = !(count > 1 || canAll);
    this.compare.textContent = count ? `compare ${count}` : `compare these ${this.shown.length}`;
    this.compare.href = count ? link(["compare"], { runs: [...this.chosen].join(",") }) : link(["compare"], { find: this.find });
  }

  save() {
    const settings = differing(this.shown);
    const rows = this.shown.map((run) => [...COLUMNS.map(([name]) => run[name]), seedsOf(run), ...settings.map((name) => run.settings[name])]);
    saveCsv("runs", [[...COLUMNS.map(([, word]) => word), "seeds", ...settings], ...rows]);
  }
}

function cell(content, name = "") {
  return h("span", { role: "cell", class: name }, content);
}
