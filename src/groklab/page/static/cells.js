// Tables and maps on a canvas: one pixel a cell, made large without smoothing.

import { h } from "./dom.js";

/** Make a canvas of rows by columns whose colors `paint(data)` writes, four bytes a cell. */
export function cells(rows, columns, { onPoint } = {}) {
  const canvas = h("canvas", { class: "cells", width: columns, height: rows });
  canvas.style.aspectRatio = `${columns} / ${rows}`;
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(columns, rows);
  if (onPoint) {
    canvas.addEventListener("pointermove", (event) => {
      const box = canvas.getBoundingClientRect();
      const row = Math.floor(((event.clientY - box.y) / box.height) * rows);
      const column = Math.floor(((event.clientX - box.x) / box.width) * columns);
      if (row >= 0 && row < rows && column >= 0 && column < columns) onPoint(row, column);
    });
    canvas.addEventListener("pointerleave", () => onPoint(-1, -1));
  }
  return {
    canvas,
    draw(paint) {
      paint(image.data);
      pen.putImageData(image, 0, 0);
    },
  };
}

/** Write one color into a cell. */
export function put(data, at, [red, green, blue]) {
  data[4 * at] = red;
  data[4 * at + 1] = green;
  data[4 * at + 2] = blue;
  data[4 * at + 3] = 255;
}

const STOPS = [
  [253, 231, 195],
  [251, 158, 101],
  [222, 79, 99],
  [132, 34, 107],
  [40, 13, 64],
];

/** Return the color of a number from 0 to 1: pale to dark, told apart in gray too. */
export function shade(share) {
  const place = Math.min(Math.max(share, 0), 1) * (STOPS.length - 1);
  const low = Math.min(Math.floor(place), STOPS.length - 2);
  return STOPS[low].map((value, i) => Math.round(value + (place - low) * (STOPS[low + 1][i] - value)));
}
