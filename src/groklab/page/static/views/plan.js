// What a run is: its plan, its family, the command that makes it and the Python that opens it.

import { here, link } from "../address.js";
import { code, fill, h, trouble } from "../dom.js";
import { saveCsv } from "../figure.js";
import { get } from "../source.js";
import { short, steps as inSteps } from "../words.js";

const KIN = 40; // that are named

/** Make the section of a view of a run. */
export function planSection(view) {
  const { run } = view;
  const commands = h("div", {}, h("p", { class: "quiet" }, "reading the plan …"));
  tellCommands(commands, view);
  const save = h("button", { type: "button", onclick: () => saveAll(view) }, "all numbers as CSV");
  return h(
    "section",
    { "aria-label": "Plan" },
    h("p", { class: "row" }, save, scaleLink(view), seedsLink(run)),
    families(run).map(([word, runs]) => h("p", {}, `${word}: `, runs.slice(0, KIN).map(kin))),
    h("details", { open: true }, h("summary", {}, "The command that makes it"), commands),
    h("details", {}, h("summary", {}, "The Python that opens it"), code(run.python)),
    h("details", {}, h("summary", {}, "Its plan"), settingsTable(run)),
  );
}

/** A link to the same with the other axis: the same as it is when it is clicked. */
function scaleLink({ key, isLogX }) {
  const address = () => link(["run", key], { ...Object.fromEntries(here().query), x: isLogX ? "linear" : "" });
  const renew = (event) => (event.currentTarget.href = address());
  const words = isLogX ? "linear steps" : "logarithmic steps";
  return h("a", { class: "button", href: address(), onclick: renew, oncontextmenu: renew, onauxclick: renew }, words);
}

function seedsLink(run) {
  if (!run.seeds_of_it.length) return null;
  const keys = [run.key, ...run.seeds_of_it.map((each) => each.key)];
  return h("a", { class: "button", href: link(["compare"], { runs: keys.join(",") }) }, "compare its seeds");
}

function families(run) {
  const parent = run.parent && { name: run.parent.run, key: idOf(run.parent.run), at: run.parent.step };
  const all = [
    ["forked from", parent ? [parent] : []],
    ["forks", run.forks],
    ["other seeds", run.seeds_of_it.map((each) => ({ ...each, at: null }))],
  ];
  return all.filter(([, runs]) => runs.length);
}

function idOf(name) {
  return name.slice(name.lastIndexOf("-") + 1);
}

function kin({ key, name, at }, place) {
  const step = at === null || at === undefined ? "" : ` (step ${inSteps(at)})`;
  return [place ? ", " : "", h("a", { href: link(["run", key]) }, name), step];
}

async function tellCommands(place, { key, signal }) {
  try {
    const { makes, besides } = await get(`runs/${key}/commands`, signal);
    const words = `It also records ${besides.join(", ")}, which only a plan in Python asks for.`;
    const more = besides.length ? h("p", { class: "quiet" }, words) : null;
    fill(place, makes ? code(makes) : h("p", {}, "No words say this plan: open it in Python."), more);
  } catch (error) {
    if (!signal.aborted) fill(place, trouble(error));
  }
}

function saveAll({ run, columns }) {
  const names = Object.keys(columns);
  saveCsv(run.name, [names, ...Array.from(columns.step, (_, at) => names.map((name) => columns[name][at]))]);
}

function settingsTable(run) {
  const settings = Object.entries(run.settings).map(([name, value]) => [name, short(value)]);
  const versions = Object.entries(run.versions).map(([name, value]) => [`version of ${name}`, String(value)]);
  const rows = [...settings, ...versions, ["device", run.hardware.device ?? "–"]];
  const cells = rows.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)));
  return h("table", { class: "plain" }, h("tbody", {}, cells));
}
