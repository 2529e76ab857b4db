// The ledger: what papers say, what was measured, and the verdict on each; every claim has an address.

import { here, keep, link } from "../address.js";
import { code, fill, h } from "../dom.js";
import { saveCsv } from "../figure.js";
import { get, pictureAt } from "../source.js";
import { duration, steps as inSteps } from "../words.js";

const MARKS = { holds: "✓", fails: "✗", undecided: "?" };

/** Show the ledger, or one paper, figure or claim of it: #/ledger/PAPER/FIGURE/CLAIM. */
export async function render(element, ...place) {
  const ledger = await get("claims");
  const { query } = here();
  const state = { verdict: query.get("verdict") ?? "", scale: query.get("scale") ?? "" };
  const list = h("div", {});
  const choose = (name, words) => h("label", {}, `${name} `, h("select", { onchange: (event) => ((state[name] = event.target.value), keep({ [name]: event.target.value }), show()) }, words.map(([value, word]) => h("option", { value, selected: state[name] === value }, word))));
  const count = h("span", { class: "quiet", role: "status" });
  fill(
    element,
    h("h1", {}, place.length ? crumbs(place) : "Ledger"),
    ledger.trouble && h("p", { class: "trouble", role: "alert" }, ledger.trouble),
    h("div", { class: "row tools" }, choose("verdict", [["", "all"], ["holds", "✓ holds"], ["fails", "✗ fails"], ["undecided", "? undecided"]]), choose("scale", [["", "both"], ["laptop", "laptop"], ["paper", "paper"]]), h("button", { type: "button", onclick: save }, "CSV"), count),
    list,
  );
  const chosen = () => ledger.verdicts.filter((each) => (!place[0] || each.paper === place[0]) && (!place[1] || each.figure === place[1]) && (!place[2] || each.claim.name === place[2]) && (!state.verdict || each.verdict === state.verdict) && (!state.scale || each.scale === state.scale));
  show();
  return () => {};

  function show() {
    const verdicts = chosen();
    const counts = Object.keys(MARKS).map((word) => `${verdicts.filter((each) => each.verdict === word).length} ${word}`);
    count.textContent = `${verdicts.length} claims: ${counts.join(", ")}`;
    const papers = ledger.papers.filter((each) => !place[0] || each.paper === place[0]);
    fill(list, papers.map((paper) => paperSection(paper, verdicts, ledger, place, Boolean(state.verdict || state.scale))));
  }

  function save() {
    const rows = chosen().map((each) => [each.paper, each.figure, each.scale, each.claim.name, each.verdict, each.claim.says, each.claim.expected, each.measured, each.claim.source, each.because]);
    saveCsv("ledger", [["paper", "figure", "scale", "claim", "verdict", "says", "expected", "measured", "source", "because"], ...rows]);
  }
}

function crumbs(place) {
  return [h("a", { href: "#/ledger" }, "Ledger"), place.map((part, at) => [" / ", at === place.length - 1 ? part : h("a", { href: link(["ledger", ...place.slice(0, at + 1)]) }, part)])];
}

function paperSection(paper, verdicts, ledger, place, isNarrowed) {
  const figures = paper.figures.filter((each) => !place[1] || each.name === place[1]);
  const parts = figures.map((figure) => figureSection(paper, figure, verdicts, ledger, isNarrowed)).filter(Boolean);
  return parts.length ? h("section", { class: "paper" }, h("h2", {}, paper.title), parts) : null;
}

function figureSection(paper, figure, verdicts, ledger, isNarrowed) {
  const mine = verdicts.filter((each) => each.paper === paper.paper && each.figure === figure.name);
  if (!mine.length && isNarrowed) return null;
  const name = `${paper.paper}/${figure.name}`;
  const pictures = ["laptop", "paper"].map((scale) => `${paper.paper}.${figure.name}.${scale}.png`).filter((each) => ledger.pictures.includes(each));
  return h(
    "article",
    { class: "figure-card" },
    h("h3", {}, h("a", { href: link(["ledger", paper.paper, figure.name]) }, name)),
    h("p", {}, figure.shows),
    pictures.map((each) => h("a", { href: pictureAt(each), target: "_blank", rel: "noopener" }, h("img", { src: pictureAt(each), loading: "lazy", alt: `The figure ${name}: ${figure.shows}` }))),
    mine.length ? mine.map(claimCard) : h("p", { class: "quiet" }, "never run in this store: ", h("code", {}, `groklab reproduce ${name}`)),
    mine.length ? cost(mine[0]) : null,
  );
}

function claimCard(each) {
  const { claim } = each;
  const address = link(["ledger", each.paper, each.figure, claim.name]);
  return h(
    "div",
    { class: `claim ${each.verdict}` },
    h("p", {}, h("span", { class: `verdict ${each.verdict}` }, `${MARKS[each.verdict]} ${each.verdict}`), " ", h("a", { href: address }, h("strong", {}, claim.name)), each.scale === "paper" ? " at paper scale" : ""),
    h("p", {}, claim.says, " ", h("span", { class: "quiet" }, `(${claim.source})`)),
    h("dl", { class: "facts" }, [["measured", each.measured], ["expected", claim.expected], ["of", claim.quantity]].map(([word, value]) => h("div", {}, h("dt", {}, word), h("dd", {}, value)))),
    each.because && h("p", { class: "because" }, each.because),
  );
}

function cost(verdict) {
  const { made } = verdict;
  return h("details", {}, h("summary", {}, "How it was made"), h("p", {}, made.setting), h("p", { class: "quiet" }, `recorded at steps at most ${inSteps(made.every) !== "0" ? `${inSteps(made.every)} apart` : `${made.resolution} times the last`}; ${duration(made.seconds)} of training on ${made.hardware}`), code(verdict.command));
}

