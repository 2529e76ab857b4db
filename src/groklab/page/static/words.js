// Numbers and settings in words.

const whole = new Intl.NumberFormat("en");

/** Write a step, or a dash where there is none. */
export function steps(value) {
  return value === null || value === undefined ? "–" : whole.format(Math.round(value));
}

/** Write a share as a percentage; 99.96 % is not 100 %. */
export function percent(value, digits = 1) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const text = (100 * value).toFixed(digits);
  const cut =
    Number(text) === 100 && value < 1 ? (Math.floor(100 * value * 10 ** digits) / 10 ** digits).toFixed(digits) : text;
  return `${cut} %`;
}

/** Write any number in a few characters. */
export function short(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return whole.format(value);
  const size = Math.abs(value);
  if (size >= 1e5 || (size < 1e-3 && size > 0))
    return value
      .toExponential(2)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  return String(Number(value.toPrecision(4)));
}

/** Write a time in the unit that suits it. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** Say how long a run that is trained will take at most, from its pace so far. */
export function timeLeft(run) {
  if (run.state !== "running" || !run.step || !run.seconds) return "";
  return `${duration(((run.steps - run.step) * run.seconds) / run.step)} left at most`;
}

/** Put numbers in their order, words in theirs, and what is missing first. */
export function byValue(one, other) {
  const isMissing = [one, other].map((value) => value === null || value === undefined);
  if (isMissing[0] || isMissing[1]) return isMissing[1] - isMissing[0];
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other));
}

/** Return the last part of a setting's dotted name. */
export function lastPart(name) {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Say which seeds a run has. */
export function seedsOf(run) {
  const [init, split, order] = run.seeds;
  return init === split && split === order ? `seed ${init ?? "–"}` : `seeds ${init}/${split}/${order}`;
}

export const STATES = {
  running: "running",
  stopped: "unfinished",
  finished: "finished",
  diverged: "diverged",
  damaged: "damaged",
};
