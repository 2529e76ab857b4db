// Points in a plane, with their names, and the lines that join neighbours.

import { h } from "./dom.js";
import { color } from "./theme.js";

const EDGE = 1.35; // of the plane that is shown, in units of the points
const SIDE = 320;

/** Make a plane that draws points; `draw({ points, names, hues, order, circle })`. */
export function plane() {
  const size = SIDE;
  const ratio = Math.max(1, devicePixelRatio);
  const canvas = h("canvas", { class: "plane", width: size * ratio, height: size * ratio });
  const pen = canvas.getContext("2d");
  return {
    canvas,
    draw({ points, names = [], hues, order = null, circle = false, edge = EDGE, radius = 3.2 }) {
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, size, size);
      const to = (value) => (value / edge + 1) * (size / 2);
      axes(pen, size, circle ? size / 2 / edge : 0);
      if (order) join(pen, points, order, to);
      const count = points.length / 2;
      pen.font = "10px system-ui, sans-serif";
      for (let at = 0; at < count; at++) {
        const x = to(points[2 * at]);
        const y = to(-points[2 * at + 1]);
        pen.fillStyle = hues[at];
        pen.beginPath();
        pen.arc(x, y, radius, 0, 2 * Math.PI);
        pen.fill();
        if (names[at] !== undefined && count <= 130) {
          pen.fillStyle = color("ink");
          pen.fillText(names[at], x + radius + 1, y - radius);
        }
      }
    },
  };
}

function axes(pen, size, radius) {
  pen.strokeStyle = color("line");
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(0, size / 2);
  pen.lineTo(size, size / 2);
  pen.moveTo(size / 2, 0);
  pen.lineTo(size / 2, size);
  pen.stroke();
  if (!radius) return;
  pen.beginPath();
  pen.arc(size / 2, size / 2, radius, 0, 2 * Math.PI);
  pen.stroke();
}

function join(pen, points, order, to) {
  pen.strokeStyle = color("faint");
  pen.beginPath();
  order.forEach((at, number) => {
    const x = to(points[2 * at]);
    const y = to(-points[2 * at + 1]);
    if (number) pen.lineTo(x, y);
    else pen.moveTo(x, y);
  });
  pen.closePath();
  pen.stroke();
}
