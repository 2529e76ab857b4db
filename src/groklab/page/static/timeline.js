// One slider over all that moves: recorded steps, which lie even on a logarithmic scale. It plays, and has keys.

import { h } from "./dom.js";
import { steps as inSteps } from "./words.js";
import { lastTo } from "./unpack.js";

const SECONDS = 8; // that a whole run takes to play

/** Make a slider; `onStep(step)` hears where it is. Return { element, set, to, play, pause, remove }. */
export function timeline(onStep) {
  let all = [0];
  let at = 0;
  let playing = null;
  let began = 0;
  const button = h("button", { type: "button", class: "play", "aria-label": "Play", onclick: toggle, title: "Play or pause (space)" }, "▶");
  const range = h("input", { type: "range", min: "0", max: "0", value: "0", "aria-label": "Step", oninput: () => (pause(), move(Number(range.value))) });
  const words = h("output", { class: "step" }, "step 0");
  const element = h("div", { class: "timeline" }, button, range, words);
  addEventListener("keydown", keys);

  function move(place, isSaid = true) {
    at = Math.min(Math.max(place, 0), all.length - 1);
    range.value = String(at);
    const text = `step ${inSteps(all[at])}`;
    words.textContent = text;
    range.setAttribute("aria-valuetext", text);
    if (isSaid) onStep(all[at]);
  }

  function toggle() {
    if (playing) return pause();
    if (at >= all.length - 1) move(0);
    began = performance.now() - (at / Math.max(all.length - 1, 1)) * SECONDS * 1000;
    playing = requestAnimationFrame(tick);
    label("❚❚", "Pause");
  }

  function tick(now) {
    const place = Math.floor(((now - began) / 1000 / SECONDS) * (all.length - 1));
    if (place !== at) move(place);
    if (at >= all.length - 1) return pause();
    playing = requestAnimationFrame(tick);
  }

  function pause() {
    if (playing) cancelAnimationFrame(playing);
    playing = null;
    label("▶", "Play");
  }

  function label(sign, word) {
    button.textContent = sign;
    button.setAttribute("aria-label", word);
  }

  function keys(event) {
    if (event.target.closest?.("input:not([type=range]), select, textarea, [contenteditable]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isButton = event.target.closest?.("button, a, summary, pre");
    const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
    if (event.key === " " && !isButton) toggle();
    else if (event.key in moves && event.target !== range && !isButton) (pause(), move(at + moves[event.key]));
    else if (event.key === "Home" && event.target !== range && !isButton) (pause(), move(0));
    else if (event.key === "End" && event.target !== range && !isButton) (pause(), move(all.length - 1));
    else return;
    event.preventDefault();
  }

  return {
    element,
    /** Give it the recorded steps; it stays where it is, or at the end if it is there. */
    set(steps, isAtEnd) {
      const step = all[at];
      all = steps.length ? steps : [0];
      range.max = String(all.length - 1);
      move(isAtEnd ? all.length - 1 : lastTo(all, step), isAtEnd);
    },
    /** Go to the last recorded step up to one. */
    to(step, isPaused = true) {
      if (isPaused) pause();
      const place = lastTo(all, step);
      if (place !== at) move(place);
    },
    get step() {
      return all[at];
    },
    get isPlaying() {
      return playing !== null;
    },
    get isAtEnd() {
      return at >= all.length - 1;
    },
    play: () => playing || toggle(),
    pause,
    remove() {
      pause();
      removeEventListener("keydown", keys);
    },
  };
}
