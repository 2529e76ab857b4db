// The runs of the list, and what a search, an order and a grouping make of them.

import { get } from "./source.js";
import { lastPart } from "./words.js";

/** Read all runs, each with its settings. */
export async function allRuns(signal) {
  const found = await get("runs", signal);
  const names = Object.keys(found.settings);
  found.runs.forEach((run, at) => {
    run.settings = {};
    for (const name of names) {
      const { values, at: places } = found.settings[name];
      if (places[at] >= 0) run.settings[name] = values[places[at]];
    }
  });
  return {
    runs: found.runs,
    store: found.store,
    values: Object.fromEntries(names.map((name) => [name, found.settings[name].values])),
  };
}

/** How many runs are compared at most. */
export const MOST_COMPARED = 300;

const COMPARED = /^([\w.-]+)(<=|>=|!=|=|<|>)(.*)$/;

/**
 * Return a test for the words of a search: `p=97`, `weight_decay<1`, `state=running` compare a setting or a milestone;
 * other words stand anywhere in a run's name, task or settings. `key=a|b` is one of several.
 */
export function search(text) {
  const tests = text.trim().split(/\s+/).filter(Boolean).map(test);
  return (run) => tests.every((one) => one(run));
}

function test(word) {
  const found = COMPARED.exec(word);
  if (!found) {
    const wanted = word.toLowerCase();
    return (run) => haystack(run).includes(wanted);
  }
  const [, name, sign, wanted] = found;
  return (run) => valuesOf(run, name).some((value) => compare(value, sign, wanted));
}

function haystack(run) {
  run.text ??= `${run.name} ${run.task} ${run.state} ${Object.values(run.settings).join(" ")}`.toLowerCase();
  return run.text;
}

/** Return the values that a name stands for: a number of the list, or every setting whose last part it is. */
function valuesOf(run, name) {
  if (name === "seed") return [run.seeds[0]];
  if (name === "memorized" || name === "generalized" || name === "settled") return [run[`${name}_at`]];
  if (name in run && typeof run[name] !== "object") return [run[name]];
  return Object.entries(run.settings)
    .filter(([full]) => full === name || lastPart(full) === name)
    .map(([, value]) => value);
}

function compare(value, sign, wanted) {
  const isNumber = typeof value === "number" && wanted !== "" && !Number.isNaN(Number(wanted));
  if (value === null || value === undefined)
    return sign === "!=" || (sign === "=" && (wanted === "never" || wanted === "none"));
  if (sign === "=")
    return wanted
      .split("|")
      .some((each) => (isNumber ? value === Number(each) : String(value).toLowerCase() === each.toLowerCase()));
  if (sign === "!=") return isNumber ? value !== Number(wanted) : String(value).toLowerCase() !== wanted.toLowerCase();
  if (!isNumber) return false;
  return { "<": value < wanted, ">": value > wanted, "<=": value <= wanted, ">=": value >= wanted }[sign];
}

/** Return runs in order of a column, downwards where it begins with a minus; what never came is last. */
export function ordered(runs, by) {
  const isDown = by.startsWith("-");
  const name = by.replace(/^-/, "");
  const last = isDown ? -Infinity : Infinity;
  const value = (run) => {
    const found = valuesOf(run, name)[0];
    return found === null || found === undefined ? last : found;
  };
  const sign = isDown ? -1 : 1;
  return [...runs].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === b) return one.name < other.name ? -1 : 1;
    if (typeof a === "string" || typeof b === "string") return String(a) < String(b) ? -sign : sign;
    return sign * (a - b);
  });
}

const FIRST = [
  "task.operation.p",
  "task.fraction",
  "optimizer.weight_decay",
  "optimizer.learning_rate",
  "model",
  "alpha",
];
const TOLD = /^(seeds\.|task$|task\.operation$|task\.operation\.(operation|group)$)/; // by a run's name or seeds

/** Return the settings in which runs differ, the usual ones first; seeds and the task's own name are left out. */
export function differing(runs) {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.settings)))].filter((name) => !TOLD.test(name));
  const found = names.filter((name) => runs.some((run) => run.settings[name] !== runs[0].settings[name]));
  return [...FIRST.filter((name) => found.includes(name)), ...found.filter((name) => !FIRST.includes(name))];
}

/** Return the fewest settings that tell runs apart, as far as any do: each next one is that which tells most apart. */
export function telling(runs, names) {
  const chosen = [];
  let codes = runs.map(() => "");
  const count = (list) => new Set(list).size;
  for (;;) {
    const next = names
      .map((name) => [name, runs.map((run, at) => `${codes[at]}|${run.settings[name]}`)])
      .reduce((best, each) => (count(each[1]) > count(best[1]) ? each : best), ["", codes]);
    if (!next[0]) return names.filter((name) => chosen.includes(name));
    chosen.push(next[0]);
    codes = next[1];
  }
}

/** Return groups of runs that are alike, in their order: by default those that differ in their seeds alone. */
export function groups(runs, alike = (run) => run.group) {
  const found = new Map();
  for (const run of runs) {
    const members = found.get(alike(run));
    if (members) members.push(run);
    else found.set(alike(run), [run]);
  }
  return [...found.values()];
}

/** Return the first and the last of steps; null is never. */
export function rangeOf(values) {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  return [sorted[0], sorted.at(-1)].map((step) => (Number.isFinite(step) ? step : null));
}

/** Return the median of steps of which some never came; null where half or more did not. */
export function medianStep(values) {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  const middle = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  return Number.isFinite(middle) ? middle : null;
}
