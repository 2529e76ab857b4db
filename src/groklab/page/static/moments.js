// What the network is at the steps whose weights are known: fetched one after the other, the wanted one first.

import { get } from "./source.js";
import { lastTo, unpack } from "./unpack.js";

const ENOUGH = 400; // that are kept in memory
const TRIES = 2; // at each: a server that is started again answers the second

/** The moments of a run for as long as a signal lasts. `onNews()` is called when one, or steps, or trouble has come. */
export class Moments {
  constructor(key, onNews, signal) {
    this.key = key;
    this.steps = [];
    this.trouble = "";
    this._known = new Map();
    this._onNews = onNews;
    this._wanted = null;
    this._isBusy = false;
    this._signal = signal;
    this._failed = new Map(); // step → how often
    this._generation = 0;
  }

  async begin() {
    try {
      const found = await get(`runs/${this.key}/moments`, this._signal);
      this.steps = found.steps;
      this.trouble = found.trouble;
    } catch (error) {
      if (this._signal.aborted) return;
      this.trouble = error.message;
    }
    this._onNews();
    this._next();
  }

  /** Ask for all anew: the planes are those of the last network, which is another now. */
  renew() {
    this._known.clear();
    this._failed.clear();
    this._generation++;
    return this.begin();
  }

  /** Take note that weights were kept at more steps. */
  extend(steps) {
    const more = [...new Set([...this.steps, ...steps])].sort((a, b) => a - b);
    if (more.length === this.steps.length) return;
    this.steps = more;
    this._next();
  }

  /** Return the moment that holds at a step, or the nearest before it that has come; null where there is none yet. */
  at(step) {
    if (!this.steps.length) return null;
    let place = lastTo(this.steps, step);
    this._wanted = this.steps[place];
    this._next();
    while (place >= 0 && !this._known.has(this.steps[place])) place--;
    return place < 0 ? null : this._known.get(this.steps[place]);
  }

  /** The last moment, where it has come. */
  get last() {
    return this._known.get(this.steps.at(-1));
  }

  async _next() {
    if (this._isBusy || this._signal.aborted) return;
    const missing = this.steps.filter((step) => !this._known.has(step) && (this._failed.get(step) ?? 0) < TRIES);
    if (!missing.length || this._known.size >= ENOUGH) return;
    const last = this.steps.at(-1); // second: what is strong in the end decides how all is drawn
    const step = [this._wanted, last].find((each) => missing.includes(each)) ?? missing[0];
    this._isBusy = true;
    const generation = this._generation;
    try {
      const moment = opened(await get(`runs/${this.key}/moments/${step}`, this._signal));
      if (generation === this._generation) this._known.set(step, moment);
    } catch (error) {
      if (this._signal.aborted) return;
      this._fail(step, error);
    }
    this._isBusy = false;
    this._onNews();
    this._next();
  }

  _fail(step, error) {
    const times = (this._failed.get(step) ?? 0) + 1;
    this._failed.set(step, times);
    if (times >= TRIES) this.trouble = error.message;
  }
}

function opened(moment) {
  return {
    step: moment.step,
    answers: unpack(moment.answers),
    embedding: {
      symbols: moment.embedding.symbols,
      planes: moment.embedding.planes.map((plane) => ({ ...plane, points: unpack(plane.points) })),
      spectrum: unpack(moment.embedding.spectrum),
    },
    attention: moment.attention.map((block) => ({ ...block, mean: unpack(block.mean), cells: unpack(block.cells) })),
    neurons: moment.neurons && { frequency: unpack(moment.neurons.frequency), points: unpack(moment.neurons.points) },
  };
}
