// One slider over all that moves: recorded steps, which lie even on a logarithmic scale. It plays, and has keys.

import { h } from "./dom.js";
import { atEnd } from "./life.js";
import { lastTo } from "./unpack.js";
import { steps as inSteps } from "./words.js";

const SECONDS = 8; // that a whole run takes to play
const MOVES = { ArrowLeft: -1, ArrowRight: 1 };
const OWN_KEYS = "input, select, textarea, pre"; // what has a use of its own for arrows, the slider too

/** Make a slider for as long as a signal lasts; `onStep(step)` hears where it is. */
export function timeline(onStep, signal) {
  return new Timeline(onStep, signal);
}

class Timeline {
  constructor(onStep, signal) {
    Object.assign(this, { onStep, all: [0], at: 0, playing: null, began: 0 });
    const about = { type: "button", class: "play", "aria-label": "Play", title: "Play or pause (space)" };
    this.button = h("button", { ...about, onclick: () => this.toggle() }, "▶");
    const bounds = { type: "range", min: "0", max: "0", value: "0", "aria-label": "Step" };
    this.range = h("input", { ...bounds, oninput: () => this.go(Number(this.range.value)) });
    this.words = h("output", { class: "step" }, "step 0");
    this.element = h("div", { class: "timeline" }, this.button, this.range, this.words);
    addEventListener("keydown", (event) => this.press(event), { signal });
    atEnd(signal, () => this.pause());
  }

  /** Give it the recorded steps; it stays where it is, or at the end if it is there. */
  set(steps, isAtEnd) {
    const { step } = this;
    this.all = steps.length ? steps : [0];
    this.range.max = String(this.all.length - 1);
    this.move(isAtEnd ? this.all.length - 1 : lastTo(this.all, step), isAtEnd);
  }

  /** Go to the last recorded step up to one. */
  to(step) {
    this.pause();
    const place = lastTo(this.all, step);
    if (place !== this.at) this.move(place);
  }

  get step() {
    return this.all[this.at];
  }

  get isPlaying() {
    return this.playing !== null;
  }

  get isAtEnd() {
    return this.at >= this.all.length - 1;
  }

  go(place) {
    this.pause();
    this.move(place);
  }

  move(place, isSaid = true) {
    this.at = Math.min(Math.max(place, 0), this.all.length - 1);
    this.range.value = String(this.at);
    const text = `step ${inSteps(this.step)}`;
    this.words.textContent = text;
    this.range.setAttribute("aria-valuetext", text);
    if (isSaid) this.onStep(this.step);
  }

  toggle() {
    if (this.isPlaying) return this.pause();
    if (this.isAtEnd) this.move(0);
    this.began = performance.now() - (this.at / Math.max(this.all.length - 1, 1)) * SECONDS * 1000;
    this.plan();
    this.label("❚❚", "Pause");
  }

  plan() {
    this.playing = requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    const place = Math.floor(((now - this.began) / 1000 / SECONDS) * (this.all.length - 1));
    if (place !== this.at) this.move(place);
    if (this.isAtEnd) this.pause();
    else this.plan();
  }

  pause() {
    cancelAnimationFrame(this.playing);
    this.playing = null;
    this.label("▶", "Play");
  }

  label(sign, word) {
    this.button.textContent = sign;
    this.button.setAttribute("aria-label", word);
  }

  /** Arrows are the slider's on the whole page; space is where nothing else has the focus. */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    const isFree = target === this.range || target === document.body || target.id === "main";
    if (event.key === " " && isFree) this.toggle();
    else if (event.key in MOVES && !target.closest?.(OWN_KEYS)) this.go(this.at + MOVES[event.key]);
    else return;
    event.preventDefault();
  }
}
