// Several runs as one line: the median and the range at every step that any of them recorded.

import { lastTo } from "./unpack.js";

/**
 * Return { steps, middle, low, high } of a column of several records. At each step of the union every run counts with
 * the last value that it has recorded; one that has ended keeps its last, one that has not begun does not count.
 */
export function pooled(records, name, shifts = records.map(() => 0)) {
  const mine = records
    .map((columns, at) => ({ columns, shift: shifts[at] }))
    .filter(({ columns }) => columns[name] && columns.step?.length);
  const union = Float64Array.from(
    new Set(mine.flatMap(({ columns, shift }) => Array.from(columns.step, (step) => step - shift))),
  ).sort();
  const middle = new Float64Array(union.length);
  const low = new Float64Array(union.length);
  const high = new Float64Array(union.length);
  union.forEach((step, at) => {
    const values = mine
      .filter(({ columns, shift }) => columns.step[0] - shift <= step)
      .map(({ columns, shift }) => columns[name][lastTo(columns.step, step + shift)]);
    const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    middle[at] = sorted.length ? (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2 : NaN;
    low[at] = sorted.length ? sorted[0] : NaN;
    high[at] = sorted.length ? sorted.at(-1) : NaN;
  });
  return { steps: union, middle, low, high };
}

/**
 * Put several lines, each over steps of its own, on the union of these. Between its first step and its last a line
 * keeps its value at steps that it did not record; what it recorded as no number stays so.
 */
export function together(lines) {
  const union = Float64Array.from(new Set(lines.flatMap((line) => Array.from(line.steps)))).sort();
  const places = new Map(Array.from(union, (step, at) => [step, at]));
  const spread = (line, values) => {
    const found = new Float64Array(union.length).fill(NaN);
    const own = Array.from(line.steps, (step) => places.get(step));
    own.forEach((place, at) => found.fill(values[at], place, at + 1 < own.length ? own[at + 1] : place + 1));
    return found;
  };
  const spreadAll = (line) => ({
    middle: spread(line, line.middle),
    low: spread(line, line.low),
    high: spread(line, line.high),
  });
  return { steps: union, values: lines.map(spreadAll) };
}
