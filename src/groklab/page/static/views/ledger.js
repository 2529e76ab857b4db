// The ledger: what papers say, what was measured, and the verdict on each; every claim has an address.

import { here, keep, link } from "../address.js";
import { code, fill, h } from "../dom.js";
import { saveButton, saveCsv } from "../figure.js";
import { get, pictureAt } from "../source.js";
import { duration, steps as inSteps } from "../words.js";

const MARKS = { holds: "✓", fails: "✗", undecided: "?" };
const SCALES = ["laptop", "paper"];
const CHOICES = {
  verdict: [["", "all"], ...Object.entries(MARKS).map(([word, mark]) => [word, `${mark} ${word}`])],
  scale: [["", "both"], ...SCALES.map((scale) => [scale, scale])],
};
const COLUMNS = {
  paper: (each) => each.paper,
  figure: (each) => each.figure,
  scale: (each) => each.scale,
  claim: (each) => each.claim.name,
  verdict: (each) => each.verdict,
  says: (each) => each.claim.says,
  expected: (each) => each.claim.expected,
  measured: (each) => each.measured,
  value: (each) => each.interval[0],
  from: (each) => each.interval[1],
  to: (each) => each.interval[2],
  runs: (each) => each.count,
  source: (each) => each.claim.source,
  because: (each) => each.because,
};

/** Show the ledger, or one paper, figure or claim of it: #/ledger/PAPER/FIGURE/CLAIM. Return its title. */
export async function render(element, place, signal) {
  const view = new Ledger(await get("claims", signal), place, here().query);
  view.furnish(element);
  return ["Ledger", ...place].join(" / ");
}

class Ledger {
  constructor(ledger, place, query) {
    Object.assign(this, { ledger, place });
    this.state = { verdict: query.get("verdict") ?? "", scale: query.get("scale") ?? "" };
  }

  furnish(element) {
    const { ledger, place } = this;
    this.list = h("div", {});
    this.count = h("span", { class: "quiet", role: "status" });
    const save = h("button", { type: "button", onclick: () => saveRows("ledger", this.chosen()) }, "CSV");
    fill(
      element,
      h("h1", {}, place.length ? crumbs(place) : "Ledger"),
      ledger.trouble && h("p", { class: "trouble", role: "alert" }, ledger.trouble),
      h("div", { class: "row tools" }, this.choose("verdict"), this.choose("scale"), save, this.count),
      this.list,
    );
    this.show();
  }

  choose(name) {
    const option = ([value, word]) => h("option", { value, selected: this.state[name] === value }, word);
    const onchange = (event) => {
      this.state[name] = event.target.value;
      keep({ [name]: event.target.value });
      this.show();
    };
    return h("label", {}, `${name} `, h("select", { onchange }, CHOICES[name].map(option)));
  }

  chosen() {
    const { place, state } = this;
    const isPlaced = (each) =>
      [each.paper, each.figure, each.claim.name].every((name, at) => (place[at] ?? name) === name);
    const isChosen = (each) => Object.entries(state).every(([name, value]) => !value || each[name] === value);
    return this.ledger.verdicts.filter((each) => isPlaced(each) && isChosen(each));
  }

  show() {
    const verdicts = this.chosen();
    const count = (word) => `${verdicts.filter((each) => each.verdict === word).length} ${word}`;
    this.count.textContent = `${verdicts.length} claims: ${Object.keys(MARKS).map(count).join(", ")}`;
    const papers = this.ledger.papers.filter((each) => (this.place[0] ?? each.paper) === each.paper);
    fill(
      this.list,
      papers.map((paper) => this.paperSection(paper, verdicts)),
    );
  }

  paperSection(paper, verdicts) {
    const figures = paper.figures.filter((each) => (this.place[1] ?? each.name) === each.name);
    const parts = figures.map((figure) => this.figureSection(paper.paper, figure, verdicts)).filter(Boolean);
    return parts.length ? h("section", {}, h("h2", {}, paper.title), parts) : null;
  }

  figureSection(paper, figure, verdicts) {
    const mine = verdicts.filter((each) => each.paper === paper && each.figure === figure.name);
    const isNarrowed = this.state.verdict || this.state.scale;
    if (!mine.length && isNarrowed) return null;
    const name = `${paper}/${figure.name}`;
    const files = SCALES.map((scale) => `${paper}.${figure.name}.${scale}.png`);
    const drawn = files.filter((each) => this.ledger.pictures.includes(each));
    const never = h("p", { class: "quiet" }, "never run in this store: ", h("code", {}, `groklab reproduce ${name}`));
    return h(
      "article",
      { class: "figure-card" },
      h("h3", {}, h("a", { href: link(["ledger", paper, figure.name]) }, name)),
      h("p", {}, figure.shows),
      drawn.map((file) => picture(file, name, figure)),
      h("p", { class: "row" }, drawn.map(pngOf), mine.length ? saveOf(name, mine) : null),
      mine.length ? [mine.map(claimCard), cost(mine[0])] : never,
    );
  }
}

function crumbs(place) {
  const part = (name, at) => {
    const isLast = at === place.length - 1;
    return [" / ", isLast ? name : h("a", { href: link(["ledger", ...place.slice(0, at + 1)]) }, name)];
  };
  return [h("a", { href: "#/ledger" }, "Ledger"), place.map(part)];
}

function picture(file, name, figure) {
  const image = h("img", { src: pictureAt(file), loading: "lazy", alt: `The figure ${name}: ${figure.shows}` });
  return h("div", {}, h("a", { href: pictureAt(file), target: "_blank", rel: "noopener" }, image));
}

/** A link that saves a figure. */
function pngOf(file) {
  const about = { class: "button small", href: pictureAt(file), download: file, "aria-label": `Save ${file} as PNG` };
  return h("a", about, "PNG");
}

/** A button that saves the numbers that a figure's claims were judged by. */
function saveOf(name, verdicts) {
  return saveButton(`the claims of ${name}`, "CSV", () => saveRows(name, verdicts));
}

function saveRows(title, verdicts) {
  const cells = (each) => Object.values(COLUMNS).map((value) => value(each));
  saveCsv(title, [Object.keys(COLUMNS), ...verdicts.map(cells)]);
}

function claimCard(each) {
  const { claim } = each;
  const address = link(["ledger", each.paper, each.figure, claim.name]);
  const facts = [
    ["measured", each.measured],
    ["expected", claim.expected],
    ["of", claim.quantity],
  ];
  const verdict = h("span", { class: `verdict ${each.verdict}` }, `${MARKS[each.verdict]} ${each.verdict}`);
  const name = h("a", { href: address }, h("strong", {}, claim.name));
  return h(
    "div",
    { class: `claim ${each.verdict}` },
    h("p", {}, verdict, " ", name, each.scale === "paper" ? " at paper scale" : ""),
    h("p", {}, claim.says, " ", h("span", { class: "quiet" }, `(${claim.source})`)),
    h(
      "dl",
      { class: "facts" },
      facts.map(([word, value]) => h("div", {}, h("dt", {}, word), h("dd", {}, value))),
    ),
    each.because && h("p", { class: "because" }, each.because),
  );
}

function cost({ made, command }) {
  const apart = inSteps(made.every) !== "0" ? `${inSteps(made.every)} apart` : `${made.resolution} times the last`;
  const words = `recorded at steps at most ${apart}; ${duration(made.seconds)} of training on ${made.hardware}`;
  const parts = [h("p", {}, made.setting), h("p", { class: "quiet" }, words), code(command)];
  return h("details", {}, h("summary", {}, "How it was made"), parts);
}
