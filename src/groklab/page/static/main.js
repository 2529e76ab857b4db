// The page: which view an address shows, and what stands above all of them.

import { here, link } from "./address.js";
import { announce, fill, h, trouble } from "./dom.js";
import * as live from "./live.js";
import { isStill } from "./source.js";
import * as theme from "./theme.js";
import * as ledger from "./views/ledger.js";
import * as compare from "./views/compare.js";
import * as play from "./views/play.js";
import * as run from "./views/run.js";
import * as runs from "./views/runs.js";

const VIEWS = { runs, run, compare, ledger, play };
const LINKS = [
  ["runs", "Runs"],
  ["ledger", "Ledger"],
  ["play", "Play"],
];

let life = new AbortController();

async function show(event) {
  life.abort();
  const { signal } = (life = new AbortController());
  const { parts } = here();
  const [name = "runs", ...rest] = parts;
  const place = h("div");
  fill(main, place);
  mark(name);
  let title = [name, ...rest].join(" ");
  try {
    title = (await viewOf(name, rest).render(place, rest, signal)) ?? title;
  } catch (error) {
    if (signal.aborted) return;
    fill(place, h("h1", {}, "Not there"), trouble(error), h("p", {}, h("a", { href: "#/runs" }, "All runs")));
  }
  if (signal.aborted) return;
  document.title = `${title} – groklab`;
  if (event) main.focus({ preventScroll: true }); // who has followed a link goes on from there
  announce(`${document.querySelector("h1")?.textContent ?? name}`);
}

function viewOf(name, rest) {
  if (!Object.hasOwn(VIEWS, name)) {
    throw new Error(`There is no view “${name}”. There are: ${Object.keys(VIEWS).join(", ")}.`);
  }
  if (name === "run" && !rest.length) {
    throw new Error("An address of a run ends in its id: choose one in the list of runs.");
  }
  return VIEWS[name];
}

/** Mark the view that is seen. */
function mark(name) {
  const marked = name === "run" || name === "compare" ? "runs" : name;
  for (const each of document.querySelectorAll("nav a")) {
    if (each.dataset.view === marked) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
}

const main = document.getElementById("main");
theme.begin();
live.begin();
fill(
  document.getElementById("header"),
  h("button", { type: "button", class: "skip", onclick: () => main.focus() }, "Skip to the content"),
  h("a", { class: "brand", href: "#/runs" }, "groklab"),
  h(
    "nav",
    { "aria-label": "Views" },
    LINKS.filter(([name]) => name !== "play" || !isStill).map(([name, word]) =>
      h("a", { href: link([name]), "data-view": name }, word),
    ),
  ),
  h("span", { class: "lost", role: "status" }, "not connected: trying again"),
  h(
    "button",
    { type: "button", class: "small", "aria-label": "Light or dark", title: "Light or dark", onclick: theme.turn },
    "◐",
  ),
);
addEventListener("hashchange", show);
show();
