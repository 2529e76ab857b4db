// A number over two settings, as colors with the numbers in them; what never came is said, not left out.

import { shade } from "./cells.js";
import { h } from "./dom.js";
import { frame } from "./figure.js";
import { color, onTurn } from "./theme.js";
import { byValue, lastPart, short, steps as inSteps } from "./words.js";

const WIDTH = 640;
const LEFT = 90;
const FOOT = 44;
const ROW = 34;

/** Make a map. `points` are { x, y, value } with null for what never came. Return { element, remove }. */
export function heatmap({ title, x, y, points }) {
  const values = (name) => [...new Set(points.map((point) => point[name]))].sort(byValue);
  const map = { x: lastPart(x), y: lastPart(y), points, xs: values("x"), ys: values("y").reverse() };
  const rows = points.map((point) => [point.x, point.y, point.value ?? "never"]);
  const picture = frame({ title, csv: () => [[map.x, map.y, title], ...rows] });
  const ratio = Math.max(1, devicePixelRatio);
  map.height = ROW * map.ys.length + FOOT;
  const canvas = h("canvas", { class: "map", width: WIDTH * ratio, height: map.height * ratio });
  canvas.style.maxWidth = `${WIDTH}px`;
  picture.body.append(canvas);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.font = "11px system-ui, sans-serif";
  const life = new AbortController();
  onTurn(() => draw(pen, map), life.signal);
  draw(pen, map);
  picture.says(points.map((point) => said(point, map)).join("; "));
  return { element: picture.element, remove: () => life.abort() };
}

function said(point, { x, y }) {
  const value = point.value === null ? "never" : inSteps(point.value);
  return `${x} ${short(point.x)}, ${y} ${short(point.y)}: ${value}`;
}

function draw(pen, { x, y, xs, ys, points, height }) {
  pen.clearRect(0, 0, WIDTH, height);
  const known = points.map((point) => point.value).filter((value) => value !== null && value > 0);
  const range = [Math.log(Math.min(...known)), Math.log(Math.max(...known))];
  const wide = (WIDTH - LEFT) / xs.length;
  for (const point of points) {
    const place = { left: LEFT + xs.indexOf(point.x) * wide, top: ROW * ys.indexOf(point.y), wide };
    drawCell(pen, point.value, place, range);
  }
  pen.fillStyle = color("ink");
  pen.textAlign = "right";
  ys.forEach((value, row) => pen.fillText(short(value), LEFT - 8, ROW * (row + 0.5) + 4));
  pen.textAlign = "center";
  xs.forEach((value, column) => pen.fillText(short(value), LEFT + (column + 0.5) * wide, ROW * ys.length + 16));
  pen.fillStyle = color("quiet");
  pen.fillText(`${x} (across), ${y} (up)`, LEFT + (WIDTH - LEFT) / 2, ROW * ys.length + 34);
}

function drawCell(pen, value, { left, top, wide }, [low, high]) {
  const isNever = value === null;
  const share = isNever || high === low ? 0.3 : (Math.log(Math.max(value, 1)) - low) / (high - low);
  const [red, green, blue] = shade(share);
  pen.fillStyle = isNever ? color("line") : `rgb(${red} ${green} ${blue})`;
  pen.fillRect(left + 1, top + 1, wide - 2, ROW - 2);
  if (wide <= 34) return;
  pen.fillStyle = isNever ? color("quiet") : share > 0.45 ? "#ffffff" : "#14161a";
  pen.textAlign = "center";
  pen.fillText(isNever ? "never" : inSteps(value), left + wide / 2, top + ROW / 2 + 4);
}
