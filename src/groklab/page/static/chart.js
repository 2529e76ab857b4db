// Lines over steps, on uPlot: a logarithmic axis, milestones, a place for the slider, hovering that moves it.

import { frame } from "./figure.js";
import { firstFrom } from "./unpack.js";
import { color, colorOf, onTurn } from "./theme.js";
import { percent, short, steps as inSteps } from "./words.js";

const HEIGHT = 270;

/**
 * Make a chart. `lines` are { name, color, values, dash, width } over `steps`, `bands` pairs of places of lines.
 * `options`: title, isShare (a percentage from 0 to 1), isLogY, isLogX, label of the vertical axis, onHover(step), csv,
 * height. Return { element, set, mark, at, remove }.
 */
export function chart(options) {
  const state = { steps: [], lines: [], bands: [], marks: [], at: null };
  const picture = frame({
    title: options.title,
    controls: options.controls ?? [],
    csv: () => [["step", ...state.lines.map((line) => line.name)], ...[...state.steps].map((step, i) => [step, ...state.lines.map((line) => line.values[i])])],
    legend: () => state.lines.filter((line) => !line.isQuiet).map((line) => [line.color, line.name]),
  });
  let plot = null;
  const place = document.createElement("div");
  place.className = "plot";
  picture.body.append(place);
  const cursor = document.createElement("div");
  cursor.className = "at-step";
  cursor.hidden = true;
  let wanted = false;
  const observer = new ResizeObserver(() => plot && place.clientWidth && plot.setSize({ width: place.clientWidth, height: options.height ?? HEIGHT }));
  observer.observe(place);
  const stop = onTurn(() => later());

  function later() {
    if (wanted) return;
    wanted = true;
    requestAnimationFrame(() => {
      wanted = false;
      build();
    });
  }

  function build() {
    plot?.destroy();
    plot = null;
    if (!place.isConnected || !state.steps.length) return;
    const data = shown(state, options);
    plot = new uPlot(settings(state, options, place.clientWidth || 400, move), data, place);
    plot.over.append(cursor);
    move();
    picture.legend();
    picture.says(summary(state, options));
  }

  function move() {
    if (!plot || state.at === null) return;
    const x = plot.valToPos(Math.max(state.at, options.isLogX === false ? state.at : 1), "x");
    cursor.style.transform = `translateX(${Math.round(x)}px)`;
    cursor.hidden = !(x >= 0 && x <= plot.over.clientWidth);
  }

  return {
    element: picture.element,
    picture,
    /** Draw lines over steps. */
    set(steps, lines, bands = []) {
      const isSame = plot && lines.length === state.lines.length && lines.every((line, i) => line.name === state.lines[i].name);
      Object.assign(state, { steps, lines, bands });
      if (!isSame) return later();
      plot.setData(shown(state, options));
      move();
      picture.says(summary(state, options));
    },
    /** Mark steps: { step, word, color }. */
    mark(marks) {
      state.marks = marks.filter((mark) => mark.step !== null && mark.step !== undefined && Number.isFinite(mark.step));
      later();
    },
    /** Show where the slider is. */
    at(step) {
      state.at = step;
      move();
    },
    remove() {
      stop();
      observer.disconnect();
      plot?.destroy();
    },
  };
}

/** Return what can be drawn: no step 0 on a logarithmic axis, and nothing that has no place there. */
function shown({ steps, lines }, options) {
  const first = options.isLogX === false ? 0 : firstFrom(steps, 1);
  const clean = (values) => Array.from(values.subarray ? values.subarray(first) : values.slice(first), (value) => (Number.isFinite(value) && (!options.isLogY || value > 0) ? value : null));
  const x = steps.subarray ? steps.subarray(first) : steps.slice(first);
  return [Array.from(x), ...lines.map((line) => clean(line.values))];
}

function settings(state, options, width, onDrawn) {
  const ink = color("quiet");
  const grid = { stroke: color("line"), width: 1 };
  const axis = { stroke: ink, grid, ticks: { stroke: color("line"), width: 1, size: 4 }, font: "11px system-ui, sans-serif", labelFont: "11px system-ui, sans-serif" };
  return {
    width,
    height: options.height ?? HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: true } },
    scales: {
      x: { time: false, distr: options.isLogX === false ? 1 : 3, log: 10, range: options.isLogX === false ? undefined : fitted },
      y: options.isShare ? { range: [-0.02, 1.05] } : { distr: options.isLogY ? 3 : 1, log: 10 },
    },
    axes: [
      { ...axis, label: options.xLabel ?? `optimizer step${options.isLogX === false ? "" : " (log scale)"}`, labelSize: 16, size: 30, ...(options.isLogX === false ? {} : { splits: powers, filter: (_, splits) => splits }), values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : compact(tick))) },
      { ...axis, ...(options.isLogY ? { splits: powers, filter: (_, splits) => splits } : {}), label: options.label, labelSize: 16, size: 46, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : options.isShare ? percent(tick, 0) : compact(tick))) },
    ],
    series: [
      {},
      ...state.lines.map((line) => ({
        label: line.name,
        stroke: colorOf(line.color),
        width: line.width ?? 1.8,
        dash: line.dash,
        points: { show: state.steps.length < 3 },
        spanGaps: false,
      })),
    ],
    bands: state.bands.map((band) => ({ series: [band.high + 1, band.low + 1], fill: faint(colorOf(band.color)) })),
    hooks: {
      draw: [(plot) => drawMarks(plot, state.marks, options), () => queueMicrotask(onDrawn)],
      setCursor: [(plot) => options.onHover && plot.cursor.idx !== null && plot.cursor.left >= 0 && options.onHover(plot.data[0][plot.cursor.idx])],
    },
  };
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

function drawMarks(plot, marks, options) {
  const pen = plot.ctx;
  const ratio = devicePixelRatio;
  const { left, top, width, height } = plot.bbox;
  pen.save();
  pen.font = `${10 * ratio}px system-ui, sans-serif`;
  marks.forEach((mark, number) => {
    const value = options.isLogX === false ? mark.step : Math.max(mark.step, 1);
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
    pen.fillText(mark.word, x + (isRight ? -4 : 4) * ratio, top + height - (6 + 12 * (marks.length - 1 - number)) * ratio);
  });
  pen.restore();
}

function summary(state, options) {
  const last = state.steps.length - 1;
  const say = options.isShare ? percent : short;
  const ends = state.lines.filter((line) => !line.isQuiet).slice(0, 6).map((line) => `${line.name}: ${say(Number(line.values[last]))}`);
  const marks = state.marks.map((mark) => `${mark.word} at step ${inSteps(mark.step)}`);
  return `To step ${inSteps(state.steps[last])}. At the end ${ends.join(", ")}. ${marks.join("; ")}`;
}
