// The rows of the list: a run, or several as one.

import { link } from "../address.js";
import { h } from "../dom.js";
import { medianStep, rangeOf } from "../runlist.js";
import { STATES, percent, short, steps as inSteps, timeLeft } from "../words.js";

/** The columns that every run has, with their words; a column for each setting that differs comes after them. */
export const COLUMNS = [
  ["name", "run"],
  ["state", "state"],
  ["step", "step"],
  ["memorized_at", "memorized"],
  ["generalized_at", "generalized"],
  ["settled_at", "settled"],
  ["validation_accuracy", "validation"],
];
const CROSSINGS = ["memorized_at", "generalized_at", "settled_at"];

/** Make the row of a run. */
export function runRow(view, { run, isInside }, at) {
  const lost = Number.isFinite(run.diverged_at) ? `at step ${inSteps(run.diverged_at)}` : "";
  const state = run.trouble || timeLeft(run) || lost;
  return row(
    { class: `is-${run.state}${isInside ? " is-inside" : ""}`, "data-key": `${run.key} ${Boolean(isInside)}` },
    at,
    cell(choice(view, [run], run.name)),
    cell(h("a", { href: link(["run", run.key]), title: run.name }, run.name), "c-name"),
    cell(stateOf(run, state), "c-state"),
    cell(inSteps(run.step), "c-step number"),
    CROSSINGS.map((name) => cell(inSteps(run[name]), `c-${name} number`)),
    cell(percent(run.validation_accuracy), "c-validation_accuracy number"),
    view.settings.map((name) => cell(short(run.settings[name]), "number")),
  );
}

function stateOf(run, more) {
  return h("span", { class: `state ${run.state}`, title: more }, STATES[run.state], more && h("small", {}, ` ${more}`));
}

/** Make the row of a group: medians and ranges of its milestones, and the settings that all of it share. */
export function groupRow(view, { group, isOpen }, at) {
  const { members, name, key } = group;
  const words = `${isOpen ? "▾" : "▸"} ${name}`;
  const about = { type: "button", class: "turn", "aria-expanded": String(isOpen), title: name };
  const shared = (setting) => {
    const value = members[0].settings[setting];
    return members.every((run) => run.settings[setting] === value) ? short(value) : "…";
  };
  return row(
    { class: "is-group", "data-key": key },
    at,
    cell(choice(view, members, name)),
    cell(h("button", { ...about, onclick: () => view.turn(group, isOpen) }, words), "c-name"),
    cell("", "c-state"),
    cell("median", "c-step number quiet"),
    CROSSINGS.map((crossing) => cell(spread(members.map((run) => run[crossing])), `c-${crossing} number`)),
    cell("", "c-validation_accuracy"),
    view.settings.map((setting) => cell(shared(setting), "number")),
  );
}

/** Write the median of steps, and from where to where they go, where they differ. */
function spread(values) {
  const [first, last] = rangeOf(values);
  const range = `${inSteps(first)}–${last === null ? "never" : inSteps(last)}`;
  return [inSteps(medianStep(values)), first !== last && h("small", { class: "quiet" }, ` ${range}`)];
}

function row(attributes, at, ...cells) {
  const about = { role: "row", "aria-rowindex": String(at + 2), "data-at": String(at) };
  return h("div", { ...attributes, ...about, class: `run-row ${attributes.class}` }, cells);
}

function choice(view, runs, name) {
  const onchange = (event) => view.pick(runs, event.target.checked);
  const checked = runs.every((run) => view.chosen.has(run.key));
  return h("input", { type: "checkbox", checked, "aria-label": `choose ${name}`, onchange });
}

function cell(content, name = "") {
  return h("span", { role: "cell", class: name }, content);
}
