// The table, colored by what the network has right.

import { cells, put } from "../cells.js";
import { frame } from "../figure.js";
import { rgb } from "../theme.js";
import { unpack } from "../unpack.js";
import { percent, steps as inSteps } from "../words.js";

const KINDS = [
  ["shown", "training, right"],
  ["missed", "training, wrong"],
  ["right", "withheld, right"],
  ["wrong", "withheld, wrong"],
  ["blank", "blank: not known"],
  ["absent", "not defined"],
];
const ALWAYS = 4; // of the legend; the others where there are any

/** Make the picture of a table as the server gives it. */
export function tablePanel(table) {
  return new Table(table);
}

class Table {
  constructor(table) {
    const [truth, row, withheld] = [table.truth, table.row, table.withheld].map(unpack);
    Object.assign(this, { table, truth, row, withheld, answers: null, step: 0 });
    const [rows, columns] = truth.shape;
    this.columns = columns;
    const has = new Set(this.kinds());
    this.picture = frame({
      title: `The table of x ${table.sign} y`,
      csv: () => this.rows(),
      legend: () => KINDS.filter((_, kind) => kind < ALWAYS || has.has(kind)),
    });
    this.element = this.picture.element;
    this.cells = cells(rows, columns, { onPoint: (x, y) => this.point(x, y) });
    this.picture.body.append(this.cells.canvas);
  }

  /** Draw the answers of a step; without any those from before. */
  draw(answers, step) {
    if (answers) Object.assign(this, { answers, step });
    const colors = KINDS.map(([name]) => rgb(name));
    const kinds = this.kinds();
    this.cells.draw((data) => kinds.forEach((kind, place) => put(data, place, colors[kind])));
    this.picture.legend();
    this.picture.note(this.said());
    this.picture.says(this.said());
  }

  kinds() {
    const { row, withheld, answers } = this;
    return Uint8Array.from(this.truth, (token, at) => {
      if (row[at] < 0) return 5;
      if (token < 0) return 4;
      const isRight = answers !== null && answers[row[at]] === token;
      return withheld[at] ? (isRight ? 2 : 3) : isRight ? 0 : 1;
    });
  }

  word(token) {
    return token >= 0 ? (this.table.words[token] ?? "no answer") : "?";
  }

  rows() {
    const { table, truth, row, withheld, answers, columns } = this;
    const cell = (token, at) => [
      table.left[Math.floor(at / columns)],
      table.right[at % columns],
      this.word(token),
      withheld[at] ? 1 : 0,
      answers && row[at] >= 0 ? this.word(answers[row[at]]) : "",
    ];
    return [["x", "y", "known answer", "withheld", "network's answer"], ...Array.from(truth, cell)];
  }

  /** Say what is in the cell beneath the pointer. */
  point(x, y) {
    const { table, truth, row, withheld, answers } = this;
    if (x < 0 || !answers) return this.picture.note(this.said());
    const at = x * this.columns + y;
    const known = truth[at] >= 0 ? `, right is ${this.word(truth[at])}` : "";
    const answer = row[at] < 0 ? "not defined" : `the network says ${this.word(answers[row[at]])}${known}`;
    const part = withheld[at] ? "withheld" : "shown in training";
    this.picture.note(`${table.left[x]} ${table.sign} ${table.right[y]}: ${answer} (${part})`);
  }

  said() {
    const { truth, row, withheld, answers } = this;
    if (!answers) return "";
    const places = [...truth.keys()].filter((at) => truth[at] >= 0 && row[at] >= 0 && withheld[at]);
    const right = places.filter((at) => answers[row[at]] === truth[at]).length;
    const share = percent(right / places.length);
    return `At step ${inSteps(this.step)}: ${share} of the withheld cells are right. x runs down, y across.`;
  }
}
