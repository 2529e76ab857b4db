// A number over two settings, as colors with the numbers in them; what never came is said, not left out.

import { shade } from "./cells.js";
import { h } from "./dom.js";
import { frame } from "./figure.js";
import { color } from "./theme.js";
import { lastPart, short, steps as inSteps } from "./words.js";

const LEFT = 90;
const FOOT = 44;
const ROW = 34;

/** Make a map. `points` are { x, y, value } with null for what never came. */
export function heatmap({ title, x, y, points, width = 640 }) {
  const values = (name) => [...new Set(points.map((point) => point[name]))].sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b))));
  const [xs, ys] = [values("x"), values("y").reverse()];
  const at = new Map(points.map((point) => [JSON.stringify([point.x, point.y]), point.value]));
  const picture = frame({ title, csv: () => [[lastPart(x), lastPart(y), title], ...points.map((point) => [point.x, point.y, point.value ?? "never"])] });
  const ratio = Math.max(1, devicePixelRatio);
  const height = ROW * ys.length + FOOT;
  const canvas = h("canvas", { class: "map", width: width * ratio, height: height * ratio });
  canvas.style.maxWidth = `${width}px`;
  picture.body.append(canvas);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.font = "11px system-ui, sans-serif";
  const came = points.map((point) => point.value).filter((value) => value !== null && value > 0).map(Math.log);
  const [low, high] = [Math.min(...came), Math.max(...came)];
  const each = (width - LEFT) / xs.length;
  ys.forEach((b, row) => {
    pen.fillStyle = color("ink");
    pen.textAlign = "right";
    pen.fillText(short(b), LEFT - 8, ROW * (row + 0.5) + 4);
    xs.forEach((a, column) => cell(at.get(JSON.stringify([a, b])), LEFT + column * each, ROW * row));
  });
  pen.fillStyle = color("ink");
  pen.textAlign = "center";
  xs.forEach((a, column) => pen.fillText(short(a), LEFT + (column + 0.5) * each, ROW * ys.length + 16));
  pen.fillStyle = color("quiet");
  pen.fillText(`${lastPart(x)} (across), ${lastPart(y)} (up)`, LEFT + (width - LEFT) / 2, ROW * ys.length + 34);
  picture.says(points.map((point) => `${lastPart(x)} ${short(point.x)}, ${lastPart(y)} ${short(point.y)}: ${point.value === null ? "never" : inSteps(point.value)}`).join("; "));
  return picture.element;

  function cell(value, left, top) {
    if (value === undefined) return;
    const share = value === null || high === low ? 0.3 : (Math.log(Math.max(value, 1)) - low) / (high - low);
    const [red, green, blue] = shade(share);
    pen.fillStyle = value === null ? color("line") : `rgb(${red} ${green} ${blue})`;
    pen.fillRect(left + 1, top + 1, each - 2, ROW - 2);
    pen.fillStyle = value === null ? color("quiet") : share > 0.45 ? "#ffffff" : "#14161a";
    pen.textAlign = "center";
    if (each > 34) pen.fillText(value === null ? "never" : inSteps(value), left + each / 2, top + ROW / 2 + 4);
  }
}
