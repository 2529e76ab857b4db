// All runs of the store in a table that stays quick with thousands: only what is seen is there.

import { here, keep, keepSoon, link } from "../address.js";
import { fill, h } from "../dom.js";
import { saveCsv } from "../figure.js";
import { atEnd } from "../life.js";
import * as live from "../live.js";
import { MOST_COMPARED, allRuns, differing, groups, ordered, search } from "../runlist.js";
import { isStill } from "../source.js";
import { byValue, lastPart, seedsOf, short, steps as inSteps } from "../words.js";
import { COLUMNS, groupRow, runRow } from "./rows.js";

const ROW = 34; // pixels of a row
const SPARE = 12; // rows above and below what is seen
const SETTINGS_SHOWN = 6;
const VALUES_OFFERED = 500;
const USUAL_GROUPS = [
  ["", "none"],
  ["seeds", "seeds together"],
];
const EXAMPLE = "groklab run addition p=23 model=mlp learning_rate=0.003 fraction=0.7 --steps 5000";

export async function render(element, _, signal) {
  const { query } = here();
  const early = []; // what changes while the list is read
  let view = null;
  live.onRuns((news) => (view ? view.take(news) : early.push(news)), signal);
  await live.ready; // from here on all changes are told, and the list is newer
  const found = await allRuns(signal);
  view = new RunsView(element, found, query);
  view.furnish();
  early.forEach((news) => view.take(news));
  const resized = new ResizeObserver(() => view.paint());
  resized.observe(view.window);
  atEnd(signal, () => resized.disconnect());
  return "Runs";
}

class RunsView {
  constructor(element, { runs, store, values }, query) {
    Object.assign(this, { element, runs, store, values, opened: new Set(), rows: [], shown: [], heads: "" });
    this.chosen = new Set((query.get("chosen") ?? "").split(",").filter(Boolean));
    this.find = query.get("find") ?? "";
    this.sort = query.get("sort") ?? "name";
    this.by = query.get("group") ?? "";
  }

  furnish() {
    this.count = h("span", { class: "quiet", role: "status" });
    this.compare = h("a", { class: "button", href: "#/runs", hidden: true }, "compare");
    const save = h("button", { type: "button", onclick: () => this.save() }, "CSV");
    const tools = [this.searching(), this.filtering(), this.grouping(), this.compare, save, this.count];
    this.window = this.makeWindow();
    this.none = h("p", { hidden: true });
    fill(
      this.element,
      h("h1", {}, "Runs"),
      h("p", { class: "quiet" }, this.store),
      h("div", { class: "row tools" }, tools),
      this.window,
      this.none,
    );
    const start = isStill ? null : [h("a", { href: link(["play"]) }, "Train one here"), ", or on a command line: "];
    fill(this.none, "No runs yet. ", start, isStill ? null : EXAMPLE);
    this.update();
  }

  searching() {
    const names = this.names().map((name) => h("option", { value: `${name}=` }));
    const about = { type: "search", placeholder: "addition p=23 generalized<2000", "aria-label": "Search runs" };
    const oninput = () => this.search(this.input.value);
    this.input = h("input", { ...about, value: this.find, list: "settings", oninput });
    return [this.input, h("datalist", { id: "settings" }, names)];
  }

  filtering() {
    const names = this.names().map((name) => h("option", {}, name));
    const first = h("option", { value: "" }, "filter by …");
    this.filter = h("select", { "aria-label": "Filter by setting", onchange: () => this.offer() }, first, names);
    const about = { "aria-label": "Value of the setting", hidden: true };
    this.value = h("select", { ...about, onchange: () => this.narrow() });
    return [this.filter, this.value];
  }

  grouping() {
    this.groupings = h("select", { "aria-label": "Group runs", onchange: () => this.group(this.groupings.value) });
    return h("label", {}, "group ", this.groupings);
  }

  makeWindow() {
    this.header = h("div", { class: "run-row head", role: "row" });
    this.sizer = h("div", { class: "sizer" });
    this.body = h("div", { class: "rows", role: "rowgroup" });
    return h(
      "div",
      { class: "window", tabindex: "0", role: "table", "aria-label": "Runs", onscroll: () => this.later() },
      h("div", { role: "rowgroup", class: "sticky" }, this.header),
      h("div", { class: "sizer-box" }, this.sizer, this.body),
    );
  }

  names() {
    return [...new Set(Object.keys(this.values).map(lastPart))].sort();
  }

  search(text) {
    this.find = text;
    keepSoon({ find: text });
    this.update();
  }

  offer() {
    const name = this.filter.value;
    const mine = Object.entries(this.values).filter(([full]) => lastPart(full) === name);
    const values = [...new Set(mine.flatMap(([, each]) => each))].sort(byValue).slice(0, VALUES_OFFERED);
    const options = values.map((value) => h("option", { value: String(value) }, short(value)));
    fill(this.value, h("option", { value: "" }, "…"), options);
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

  group(by) {
    this.by = by;
    keep({ group: by });
    this.update();
  }

  order(name) {
    this.sort = this.sort === name ? `-${name}` : name;
    keep({ sort: this.sort === "name" ? "" : this.sort });
    this.update();
  }

  /** Take what has changed in the list. */
  take({ runs, gone, isWhole }) {
    const [changed, lost] = [new Map(runs.map((run) => [run.key, run])), new Set(gone)];
    const kept = this.runs.filter((run) => (isWhole ? changed.has(run.key) : !lost.has(run.key)));
    const known = new Set(kept.map((run) => run.key));
    this.runs = [...kept.map((run) => changed.get(run.key) ?? run), ...runs.filter((run) => !known.has(run.key))];
    this.update();
  }

  update() {
    this.shown = ordered(this.runs.filter(search(this.find)), this.sort);
    const different = differing(this.shown);
    this.settings = different.slice(0, SETTINGS_SHOWN);
    this.offerGroups(different);
    this.rows = this.by ? this.grouped().flatMap((each) => this.groupRows(each)) : this.shown.map((run) => ({ run }));
    this.sizer.style.height = `${this.rows.length * ROW}px`;
    this.window.setAttribute("aria-rowcount", String(this.rows.length + 1));
    this.window.classList.toggle("is-grouped", Boolean(this.by));
    const [shown, all] = [this.shown, this.runs].map((each) => inSteps(each.length));
    this.count.textContent = shown === all ? `${all} runs` : `${shown} of ${all} runs`;
    this.none.hidden = this.runs.length > 0;
    this.columns();
    this.paint(true);
    this.choose();
  }

  /** Offer to group by what differs; what was chosen stays, also where a search has left one value of it. */
  offerGroups(different) {
    const names = different.includes(this.by) || ["", "seeds"].includes(this.by) ? different : [this.by, ...different];
    const options = [...USUAL_GROUPS, ...names.map((name) => [name, `by ${lastPart(name)}`])];
    const words = options.map(([value]) => value).join();
    if (this.offered === words) return;
    this.offered = words;
    fill(
      this.groupings,
      options.map(([value, word]) => h("option", { value, selected: value === this.by }, word)),
    );
  }

  /** Return groups as { key, name, members }. */
  grouped() {
    if (this.by === "seeds") {
      const named = (members) => ({
        key: members[0].group,
        name: `${members[0].task}, ${members.length} seeds`,
        members,
      });
      return groups(this.shown).map(named);
    }
    const word = lastPart(this.by);
    const named = (members) => {
      const value = members[0].settings[this.by];
      return { key: `${this.by}=${value}`, name: `${word} ${short(value)}, ${members.length} runs`, members, value };
    };
    const found = groups(this.shown, (run) => run.settings[this.by]).map(named);
    return found.sort((one, other) => byValue(one.value, other.value));
  }

  groupRows(group) {
    if (this.by === "seeds" && group.members.length === 1) return [{ run: group.members[0] }];
    const isOpen = this.opened.has(group.key);
    return [{ group, isOpen }, ...(isOpen ? group.members.map((run) => ({ run, isInside: true })) : [])];
  }

  turn(group, isOpen) {
    this.opened[isOpen ? "delete" : "add"](group.key);
    this.update();
  }

  /** Write the headings anew where they are others, and how rows are ordered. */
  columns() {
    const heads = [...COLUMNS, ...this.settings.map((name) => [name, lastPart(name)])];
    if (this.heads !== heads.join()) this.furnishHeads(heads);
    this.heads = heads.join();
    const direction = this.sort.startsWith("-") ? "descending" : "ascending";
    for (const button of this.header.querySelectorAll("button")) {
      const isBy = this.sort.replace(/^-/, "") === button.title;
      button.parentElement.setAttribute("aria-sort", isBy ? direction : "none");
      button.lastChild.textContent = isBy ? (direction === "descending" ? " ↓" : " ↑") : "";
    }
  }

  furnishHeads(heads) {
    const { title } = document.activeElement?.closest?.(".head button") ?? {};
    this.window.style.setProperty("--settings", this.settings.map(() => "6.5rem").join(" ") || " ");
    const head = ([name, word]) => {
      const button = h("button", { type: "button", title: name, onclick: () => this.order(name) }, word, h("span", {}));
      return h("span", { role: "columnheader", class: `c-${name.replace(/\W/g, "-")}` }, button);
    };
    const choice = h("span", { role: "columnheader" }, h("span", { class: "unseen" }, "chosen"));
    fill(this.header, choice, heads.map(head));
    if (title) this.header.querySelector(`button[title="${CSS.escape(title)}"]`)?.focus();
  }

  later() {
    if (this.isPlanned) return;
    this.isPlanned = true;
    requestAnimationFrame(() => {
      this.isPlanned = false;
      this.paint();
    });
  }

  /** Draw the rows that are seen, and a few more. */
  paint(isAnew = false) {
    const { scrollTop, clientHeight } = this.window;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - SPARE);
    const last = Math.min(this.rows.length, Math.ceil((scrollTop + clientHeight) / ROW) + SPARE);
    if (!isAnew && first === this.first && last === this.last) return;
    Object.assign(this, { first, last });
    const focused = focusIn(this.body);
    this.body.style.transform = `translateY(${first * ROW}px)`;
    const drawn = this.rows.slice(first, last).map((row, at) => (row.run ? runRow : groupRow)(this, row, first + at));
    fill(this.body, drawn);
    focused?.();
  }

  pick(runs, isChosen) {
    for (const run of runs) this.chosen[isChosen ? "add" : "delete"](run.key);
    keep({ chosen: [...this.chosen].join(",") });
    this.choose();
    if (this.by) this.paint(true);
  }

  choose() {
    const count = this.chosen.size;
    const canAll = !count && this.shown.length > 1 && this.shown.length <= MOST_COMPARED;
    this.compare.hidden = !(count > 1 || canAll);
    this.compare.textContent = count ? `compare ${count}` : `compare these ${this.shown.length}`;
    this.compare.href = link(["compare"], count ? { runs: [...this.chosen].join(",") } : { find: this.find });
  }

  save() {
    const settings = differing(this.shown);
    const cells = (run) => [
      ...COLUMNS.map(([name]) => run[name]),
      seedsOf(run),
      ...settings.map((name) => run.settings[name]),
    ];
    saveCsv("runs", [[...COLUMNS.map(([, word]) => word), "seeds", ...settings], ...this.shown.map(cells)]);
  }
}

/** Return what gives the focus back to what has it now, in the row of the same run, when rows are drawn anew. */
function focusIn(body) {
  const row = document.activeElement?.closest?.(".run-row");
  if (!row || !body.contains(row)) return null;
  const inside = (each) => [...each.querySelectorAll("a, button, input")];
  const place = inside(row).indexOf(document.activeElement);
  return () => {
    const same = [...body.children].find((each) => each.dataset.key === row.dataset.key);
    if (same) inside(same)[place]?.focus({ preventScroll: true });
  };
}
