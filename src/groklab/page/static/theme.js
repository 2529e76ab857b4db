// Light and dark: as the system has it, or as it was chosen here.

import { hear } from "./life.js";

const PLACE = "groklab-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set();
let chosen = null; // here, also in a browser that keeps nothing

function stored() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

function apply() {
  document.documentElement.dataset.theme = chosen ?? (dark.matches ? "dark" : "light");
  listeners.forEach((listener) => listener());
}

/** Begin, and follow the system where nothing was chosen. */
export function begin() {
  chosen = stored();
  apply();
  dark.addEventListener("change", apply);
}

/** Turn light to dark and back. */
export function turn() {
  chosen = isDark() ? "light" : "dark";
  try {
    localStorage.setItem(PLACE, chosen);
  } catch {
    // it lasts as long as the page
  }
  apply();
}

/** Call when colors change. */
export function onTurn(listener, signal) {
  hear(listeners, listener, signal);
}

/** Return a color of the style sheet by its name. */
export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const WHEEL = /^wheel (.*)$/;

/** Return the name of a color of the wheel, by its share of a turn; all stand out alike, light and dark. */
export function wheel(share) {
  return `wheel ${share}`;
}

/** Return the color that a name stands for now: one of the style sheet, or of the wheel; others are as written. */
export function colorOf(name) {
  const share = WHEEL.exec(name)?.[1];
  if (share !== undefined) return `oklch(${isDark() ? 0.76 : 0.55} 0.13 ${Math.round(360 * share)})`;
  return /^(#|rgb)/.test(name) ? name : color(name);
}

/** Return a color as [red, green, blue], from 0 to 255. */
export function rgb(name) {
  const text = color(name);
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
}

const LINES = 8; // colors of lines in the style sheet

/** Return the names of so many colors that are told apart. */
export function hues(count) {
  return Array.from({ length: count }, (_, at) => (count <= LINES ? `line-${at + 1}` : wheel(at / count)));
}

function isDark() {
  return document.documentElement.dataset.theme === "dark";
}
