// Attention: by head, how the last position divides its own between both operands in every cell.

import { cells, put, shade } from "../cells.js";
import { h } from "../dom.js";
import { frame } from "../figure.js";
import { steps as inSteps } from "../words.js";

export const attention = {
  isFor: (moment) => moment.attention.length > 0,
  make: ({ moment, table }) => new Attention(moment, table),
};

class Attention {
  constructor(moment, table) {
    Object.assign(this, { moment, table });
    const [, rows, columns] = moment.attention[0].cells.shape;
    this.columns = columns;
    this.picture = frame({
      title: "Attention to the first operand",
      csv: () => this.rows(),
      legend: () => [0, 0.5, 1].map((share) => [hex(shade(share)), `${100 * share} %`]),
    });
    this.element = this.picture.element;
    this.picture.body.classList.add("multiples");
    this.heads = headsOf(moment).map((head) => ({ ...head, map: cells(rows, columns) }));
    for (const { block, head, map } of this.heads) {
      const word = h("figcaption", {}, `block ${block}, head ${head}`);
      this.picture.body.append(h("figure", { class: "small-multiple" }, map.canvas, word));
    }
  }

  rows() {
    const { left, right } = this.table;
    const place = (at) => [left[Math.floor(at / this.columns)], right[at % this.columns]];
    const rows = this.heads.flatMap(({ block, head }) =>
      Array.from(slice(this.moment, block, head), (value, at) => [block, head, ...place(at), (value / 255).toFixed(3)]),
    );
    return [["block", "head", "x", "y", "share"], ...rows];
  }

  draw(moment) {
    this.moment = moment;
    for (const { block, head, map } of this.heads) {
      const values = slice(moment, block, head);
      map.draw((data) => values.forEach((value, at) => put(data, at, shade(value / 255))));
    }
    const step = inSteps(moment.step);
    this.picture.note(`At step ${step}: of what the last position gives to both operands, the share of x, by cell.`);
    this.picture.says(`${this.heads.length} heads at step ${step}. ${means(moment).join("; ")}`);
  }
}

function headsOf(moment) {
  return moment.attention.flatMap(({ block, cells: all }) =>
    Array.from({ length: all.shape[0] }, (_, head) => ({ block, head })),
  );
}

function slice(moment, block, head) {
  const { cells: all } = moment.attention.find((each) => each.block === block);
  const size = all.shape[1] * all.shape[2];
  return all.subarray(head * size, (head + 1) * size);
}

function means(moment) {
  return moment.attention.flatMap(({ block, mean }) => {
    const [heads, length] = mean.shape;
    const last = (head) => mean.subarray((head * length + length - 1) * length, (head + 1) * length * length);
    const said = (head) => Array.from(last(head), (value) => value.toFixed(2)).join(", ");
    return Array.from(
      { length: heads },
      (_, head) => `block ${block} head ${head} looks at positions by ${said(head)}`,
    );
  });
}

function hex(values) {
  return `#${values.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
