// Lines over steps, on uPlot: a logarithmic axis, milestones, a place for the slider, hovering that moves it.

import { h } from "./dom.js";
import { frame } from "./figure.js";
import { atEnd } from "./life.js";
import { firstFrom } from "./unpack.js";
import { color, colorOf, onTurn } from "./theme.js";
import { percent, short, steps as inSteps } from "./words.js";

const HEIGHT = 270;

/**
 * Make a chart. `set` takes lines { name, color, values, width, isQuiet } over steps, and bands as pairs of places of
 * lines. `options`: title, isShare (a percentage from 0 to 1), isLogY, isLogX, label of the vertical axis,
 * onHover(step), height.
 */
export function chart(options) {
  return new Chart(options);
}

class Chart {
  constructor(options) {
    this.options = options;
    this.state = { steps: [], lines: [], bands: [], marks: [], at: null };
    this.picture = frame({ title: options.title, csv: () => this.rows(), legend: () => this.legend() });
    this.element = this.picture.element;
    this.plot = null;
    this.isPlanned = false;
    this.place = h("div", { class: "plot" });
    this.cursor = h("div", { class: "at-step", hidden: true });
    this.picture.body.append(this.place);
    this.life = new AbortController();
    const resized = new ResizeObserver(() => this.resize());
    resized.observe(this.place);
    atEnd(this.life.signal, () => resized.disconnect());
    onTurn(() => this.later(), this.life.signal);
  }

  /** Draw lines over steps. */
  set(steps, lines, bands = []) {
    const known = this.state.lines;
    const isSame = this.plot && lines.length === known.length && lines.every((line, i) => line.name === known[i].name);
    Object.assign(this.state, { steps, lines, bands });
    if (!isSame) return this.later();
    this.plot.setData(shown(this.state, this.options));
    this.move();
    this.picture.says(summary(this.state, this.options));
  }

  /** Mark steps: { step, word, color }; those that never came are left out. */
  mark(marks) {
    this.state.marks = marks.filter((mark) => Number.isFinite(mark.step));
    this.later();
  }

  /** Show where the slider is. */
  at(step) {
    this.state.at = step;
    this.move();
  }

  remove() {
    this.life.abort();
    this.plot?.destroy();
  }

  rows() {
    const { steps, lines } = this.state;
    const rows = Array.from(steps, (step, at) => [step, ...lines.map((line) => line.values[at])]);
    return [["step", ...lines.map((line) => line.name)], ...rows];
  }

  legend() {
    return this.state.lines.filter((line) => !line.isQuiet).map((line) => [line.color, line.name]);
  }

  get height() {
    return this.options.height ?? HEIGHT;
  }

  resize() {
    if (this.place.clientWidth) this.plot?.setSize({ width: this.place.clientWidth, height: this.height });
  }

  /** Build it when all that is to be drawn now has been given. */
  later() {
    if (this.isPlanned) return;
    this.isPlanned = true;
    requestAnimationFrame(() => {
      this.isPlanned = false;
      if (!this.life.signal.aborted) this.build();
    });
  }

  build() {
    this.plot?.destroy();
    this.plot = null;
    if (!this.place.isConnected || !this.state.steps.length) return;
    const size = { width: this.place.clientWidth || 400, height: this.height };
    const look = { ...settings(this.state, this.options, () => this.move()), ...size };
    this.plot = new uPlot(look, shown(this.state, this.options), this.place);
    this.plot.over.append(this.cursor);
    this.move();
    this.picture.legend();
    this.picture.says(summary(this.state, this.options));
  }

  move() {
    const { at } = this.state;
    if (!this.plot || at === null) return;
    const x = this.plot.valToPos(this.options.isLogX === false ? at : Math.max(at, 1), "x");
    this.cursor.style.transform = `translateX(${Math.round(x)}px)`;
    this.cursor.hidden = !(x >= 0 && x <= this.plot.over.clientWidth);
  }
}

/** Return what can be drawn: no step 0 on a logarithmic axis, and nothing that has no place there. */
function shown({ steps, lines }, options) {
  const first = options.isLogX === false ? 0 : firstFrom(steps, 1);
  const clean = (values) =>
    Array.from(values.subarray ? values.subarray(first) : values.slice(first), (value) =>
      Number.isFinite(value) && (!options.isLogY || value > 0) ? value : null,
    );
  const x = steps.subarray ? steps.subarray(first) : steps.slice(first);
  return [Array.from(x), ...lines.map((line) => clean(line.values))];
}

function settings(state, options, onDrawn) {
  const isLogX = options.isLogX !== false;
  return {
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: true } },
    scales: {
      x: { time: false, distr: isLogX ? 3 : 1, log: 10, range: isLogX ? fitted : undefined },
      y: options.isShare ? { range: [-0.02, 1.05] } : { distr: options.isLogY ? 3 : 1, log: 10 },
    },
    axes: [
      axis(options.xLabel ?? `optimizer step${isLogX ? " (log scale)" : ""}`, 30, isLogX, compact),
      axis(options.label, 46, options.isLogY, options.isShare ? (value) => percent(value, 0) : compact),
    ],
    series: [{}, ...state.lines.map((line) => series(line, state.steps.length < 3))],
    bands: state.bands.map((band) => ({ series: [band.high + 1, band.low + 1], fill: faint(colorOf(band.color)) })),
    hooks: {
      draw: [(plot) => drawMarks(plot, state.marks, isLogX), () => queueMicrotask(onDrawn)],
      setCursor: [(plot) => hover(plot, options.onHover)],
    },
  };
}

function axis(label, size, isLog, write) {
  const font = "11px system-ui, sans-serif";
  const line = { stroke: color("line"), width: 1 };
  return {
    stroke: color("quiet"),
    grid: line,
    ticks: { ...line, size: 4 },
    font,
    labelFont: font,
    label,
    labelSize: 16,
    size,
    ...(isLog ? { splits: powers, filter: (_, splits) => splits } : {}),
    values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : write(tick))),
  };
}

function series(line, isShort) {
  return {
    label: line.name,
    stroke: colorOf(line.color),
    width: line.width ?? 1.8,
    points: { show: isShort },
    spanGaps: false,
  };
}

function hover(plot, onHover) {
  if (onHover && plot.cursor.idx !== null && plot.cursor.left >= 0) onHover(plot.data[0][plot.cursor.idx]);
}

/** The horizontal range is that of the data: whole powers of ten would leave much of it empty. */
function fitted(_, low, high) {
  return [Math.max(low ?? 1, 1e-9), high > low ? high : (low ?? 1) * 10];
}

/** Return the places of ticks on a logarithmic axis: powers of ten, fewer where there are many, more where few. */
function powers(plot, axis, low, high) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const leap = Math.ceil((last - first) / 7);
  const all = [];
  for (let power = first; power <= last; power += leap) {
    for (const factor of last - first <= 2 ? [1, 2, 5] : [1]) all.push(Number(`${factor}e${power}`));
  }
  return all.filter((value) => value >= low && value <= high);
}

function faint(name) {
  return name.startsWith("#") ? `${name}2e` : name.replace(")", " / 0.18)");
}

function compact(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return `${value / 1e6}M`;
  if (size >= 1e4) return `${value / 1e3}k`;
  return short(value);
}

function drawMarks(plot, marks, isLogX) {
  const pen = plot.ctx;
  const ratio = devicePixelRatio;
  const { left, top, width, height } = plot.bbox;
  pen.save();
  pen.font = `${10 * ratio}px system-ui, sans-serif`;
  marks.forEach((mark, number) => {
    const value = isLogX ? Math.max(mark.step, 1) : mark.step;
    const x = plot.valToPos(value, "x", true);
    if (x < left || x > left + width) return;
    pen.strokeStyle = colorOf(mark.color);
    pen.fillStyle = colorOf(mark.color);
    pen.setLineDash([3 * ratio, 3 * ratio]);
    pen.beginPath();
    pen.moveTo(x, top);
    pen.lineTo(x, top + height);
    pen.stroke();
    if (!mark.word) return;
    const isRight = x > left + 0.7 * width;
    pen.textAlign = isRight ? "right" : "left";
    pen.fillText(
      mark.word,
      x + (isRight ? -4 : 4) * ratio,
      top + height - (6 + 12 * (marks.length - 1 - number)) * ratio,
    );
  });
  pen.restore();
}

function summary(state, options) {
  const last = state.steps.length - 1;
  const say = options.isShare ? percent : short;
  const ends = state.lines
    .filter((line) => !line.isQuiet)
    .slice(0, 6)
    .map((line) => `${line.name}: ${say(Number(line.values[last]))}`);
  const marks = state.marks.map((mark) => `${mark.word} at step ${inSteps(mark.step)}`);
  return `To step ${inSteps(state.steps[last])}. At the end ${ends.join(", ")}. ${marks.join("; ")}`;
}
