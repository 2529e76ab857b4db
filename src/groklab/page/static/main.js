// The page: which view an address shows, and what stands above all of them.

import { here, link } from "./address.js";
import { announce, fill, h, trouble } from "./dom.js";
import * as live from "./live.js";
import { isStill } from "./source.js";
import * as theme from "./theme.js";
import * as claims from "./views/claims.js";
import * as compare from "./views/compare.js";
import * as play from "./views/play.js";
import * as run from "./views/run.js";
import * as runs from "./views/runs.js";

const VIEWS = { runs, run, compare, ledger: claims, play };
const LINKS = [
  ["runs", "Runs"],
  ["ledger", "Ledger"],
  ["play", "Play"],
];

let end = () => {};
let turn = 0;

async function show() {
  const mine = ++turn;
  const { parts } = here();
  const [name = "runs", ...rest] = parts;
  end();
  end = () => {};
  const main = document.getElementById("main");
  document.querySelectorAll("nav a").forEach((each) => each.toggleAttribute("aria-current", each.dataset.view === name || (name === "run" && each.dataset.view === "runs")));
  const place = h("div", { class: `view view-${name}` });
  fill(main, place);
  document.title = `${[name, ...rest].join(" ")} – groklab`;
  try {
    if (!Object.hasOwn(VIEWS, name)) throw new Error(`There is no view “${name}”. There are: ${Object.keys(VIEWS).join(", ")}.`);
    if (name === "run" && !rest.length) throw new Error("An address of a run ends in its id: choose one in the list of runs.");
    const ended = await VIEWS[name].render(place, ...rest);
    if (mine === turn) end = ended;
    else ended();
    announce(`${document.querySelector("h1")?.textContent ?? name}`);
  } catch (error) {
    if (mine === turn) fill(place, h("h1", {}, "Not there"), trouble(error), h("p", {}, h("a", { href: "#/runs" }, "All runs")));
  }
}

theme.begin();
live.begin();
fill(
  document.getElementById("header"),
  h("button", { type: "button", class: "skip", onclick: () => document.getElementById("main").focus() }, "Skip to the content"),
  h("a", { class: "brand", href: "#/runs" }, "groklab"),
  h("nav", { "aria-label": "Views" }, LINKS.filter(([name]) => name !== "play" || !isStill).map(([name, word]) => h("a", { href: link([name]), "data-view": name }, word))),
  h("span", { class: "lost", role: "status" }, "not connected: trying again"),
  h("button", { type: "button", class: "small", "aria-label": "Light or dark", title: "Light or dark", onclick: theme.turn }, "◐"),
);
addEventListener("hashchange", show);
show();
