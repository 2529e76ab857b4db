// Light and dark: as the system has it, or as it was chosen here.

const PLACE = "groklab-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set();

function stored() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function apply() {
  document.documentElement.dataset.theme = stored() ?? (dark.matches ? "dark" : "light");
  listeners.forEach((listener) => listener());
}

/** Begin, and follow the system where nothing was chosen. */
export function begin() {
  apply();
  dark.addEventListener("change", apply);
}

/** Turn light to dark and back. */
export function turn() {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(PLACE, next);
  } catch {
    document.documentElement.dataset.theme = next;
  }
  apply();
}

/** Call when colors change; return what ends that. */
export function onTurn(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Return a color of the style sheet by its name. */
export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Return a color as it is written, or that of the style sheet which it names. */
export function colorOf(name) {
  return /^(#|hsl|rgb)/.test(name) ? name : color(name);
}

/** Return a color as [red, green, blue], from 0 to 255. */
export function rgb(name) {
  const text = color(name);
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
}
