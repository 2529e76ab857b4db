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

/** Make the picture of a table as the server gives it. Return { element, draw(answers, step) }. */
export function tablePanel(table) {
  const [truth, row, withheld] = [table.truth, table.row, table.withheld].map(unpack);
  const [rows, columns] = truth.shape;
  let answers = null;
  let step = 0;
  const has = new Set(kindsOf(truth, row, withheld, null));
  const picture = frame({
    title: `The table of x ${table.sign} y`,
    csv: () => [["x", "y", "known answer", "withheld", "network's answer"], ...list()],
    legend: () => KINDS.filter((_, kind) => kind < 4 || has.has(kind)),
  });
  const one = cells(rows, columns, { onPoint: tell });
  picture.body.append(one.canvas);
  const word = (token) => (token >= 0 ? (table.words[token] ?? "no answer") : "?");

  function list() {
    return [...truth].map((token, at) => [table.left[Math.floor(at / columns)], table.right[at % columns], word(token), withheld[at] ? 1 : 0, answers && row[at] >= 0 ? word(answers[row[at]]) : ""]);
  }

  function tell(x, y) {
    if (x < 0 || !answers) return picture.note(said());
    const at = x * columns + y;
    const answer = row[at] < 0 ? "not defined" : `the network says ${word(answers[row[at]])}`;
    const known = truth[at] >= 0 ? `, right is ${word(truth[at])}` : "";
    picture.note(`${table.left[x]} ${table.sign} ${table.right[y]}: ${answer}${row[at] < 0 ? "" : known} (${withheld[at] ? "withheld" : "shown in training"})`);
  }

  function said() {
    if (!answers) return "";
    let [right, count] = [0, 0];
    for (let at = 0; at < truth.length; at++) {
      if (truth[at] < 0 || row[at] < 0 || !withheld[at]) continue;
      count++;
      if (answers[row[at]] === truth[at]) right++;
    }
    return `At step ${inSteps(step)}: ${percent(right / count)} of the withheld cells are right. x runs down, y across.`;
  }

  return {
    element: picture.element,
    draw(now, at) {
      if (now) [answers, step] = [now, at];
      const colors = KINDS.map(([name]) => rgb(name));
      const kinds = kindsOf(truth, row, withheld, answers);
      one.draw((data) => kinds.forEach((kind, place) => put(data, place, colors[kind])));
      picture.legend();
      picture.note(said());
      picture.says(said());
    },
  };
}

function kindsOf(truth, row, withheld, answers) {
  return Uint8Array.from(truth, (token, at) => {
    if (row[at] < 0) return 5;
    if (token < 0) return 4;
    const isRight = answers !== null && answers[row[at]] === token;
    return withheld[at] ? (isRight ? 2 : 3) : isRight ? 0 : 1;
  });
}
