// The embedding in a plane: one of a strong frequency, the leading directions, or t-SNE.

import { h } from "../dom.js";
import { frame } from "../figure.js";
import { plane } from "../points.js";
import { get, isStill } from "../source.js";
import { colorOf, wheel } from "../theme.js";
import { unpack } from "../unpack.js";
import { steps as inSteps } from "../words.js";

const NEIGHBOURS = "neighbours"; // t-SNE, which is worked out when it is asked for
const ROOM = { frequency: 1.4, other: 2.2 }; // that is shown at least, in units of the points

export const embedding = {
  isFor: (moment) => moment.embedding.planes.length > 0,
  make: (context) => new Embedding(context),
};

class Embedding {
  constructor({ key, moment, query, keep }) {
    Object.assign(this, { key, moment, keep, chosen: query.get("plane") ?? "0", neighbours: null, asked: null });
    this.choice = h("select", { "aria-label": "Plane of the embedding", onchange: () => this.choose() });
    this.picture = frame({ title: "The embedding", controls: [this.choice], csv: () => this.rows() });
    this.element = this.picture.element;
    this.plane = plane();
    this.picture.body.append(this.plane.canvas);
  }

  choose() {
    this.chosen = this.choice.value;
    this.keep({ plane: this.chosen === "0" ? "" : this.chosen });
    this.show();
  }

  rows() {
    const points = this.points() ?? [];
    const rows = this.moment.embedding.symbols.map((symbol, at) => [symbol, points[2 * at], points[2 * at + 1]]);
    return [["symbol", "x", "y"], ...rows];
  }

  draw(moment) {
    this.moment = moment;
    this.offer();
    this.show();
  }

  /** Offer the planes that there are. */
  offer() {
    const word = ({ frequency }) => (frequency ? `frequency ${frequency}` : "leading directions");
    const planes = this.moment.embedding.planes.map((each, at) => [String(at), word(each)]);
    const all = isStill ? planes : [...planes, [NEIGHBOURS, "t-SNE"]];
    if (!all.some(([value]) => value === this.chosen)) this.chosen = "0"; // an address may say anything
    const words = all.map(([, text]) => text).join();
    if ([...this.choice.options].map((each) => each.textContent).join() === words) return;
    const options = all.map(([value, text]) => h("option", { value, selected: value === this.chosen }, text));
    this.choice.replaceChildren(...options);
  }

  get isNeighbours() {
    return this.chosen === NEIGHBOURS;
  }

  points() {
    return this.isNeighbours ? this.neighbours : this.moment.embedding.planes[Number(this.chosen)].points;
  }

  async askNeighbours(moment) {
    if (this.asked === moment) return;
    this.asked = moment;
    try {
      const found = unpack((await get(`runs/${this.key}/neighbours/${moment.step}`)).points);
      if (this.asked !== moment) return;
      this.neighbours = found;
      if (this.isNeighbours) this.show();
    } catch (error) {
      this.picture.note(error.message);
    }
  }

  show() {
    if (this.isNeighbours) this.askNeighbours(this.moment);
    const points = this.points();
    if (!points) return this.picture.note("working out t-SNE …");
    const { symbols, planes } = this.moment.embedding;
    const frequency = this.isNeighbours ? 0 : planes[Number(this.chosen)].frequency;
    const count = symbols.length;
    const share = (at) => (frequency ? ((frequency * at) % count) / count : at / count);
    this.plane.draw({
      points,
      names: symbols,
      hues: symbols.map((_, at) => colorOf(wheel(share(at)))),
      order: frequency ? [...symbols.keys()].sort((a, b) => share(a) - share(b)) : null,
      circle: Boolean(frequency),
      edge: Math.max(frequency ? ROOM.frequency : ROOM.other, 1.1 * furthest(points)),
    });
    const what = this.what(frequency, count);
    this.picture.note(`At step ${inSteps(this.moment.step)}: ${what}.`);
    this.picture.says(`${count} symbols at step ${inSteps(this.moment.step)}, in ${what}.`);
  }

  what(frequency, count) {
    if (this.isNeighbours) return "t-SNE of all directions";
    if (!frequency) return "its two leading directions";
    return `the plane of frequency ${frequency}: cos and sin of 2π·${frequency}·x/${count}`;
  }
}

function furthest(points) {
  return points.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
