// Attention: by head, how the last position divides its own between both operands in every cell.

import { cells, put, shade } from "../cells.js";
import { h } from "../dom.js";
import { frame } from "../figure.js";
import { steps as inSteps } from "../words.js";

/** Make the picture of all heads. Return { element, draw(moment) }. */
export function attentionPanel(moment, table) {
  let now = moment;
  const heads = moment.attention.flatMap((block) => [...Array(block.cells.shape[0]).keys()].map((head) => ({ block: block.block, head })));
  const [, rows, columns] = moment.attention[0].cells.shape;
  const picture = frame({
    title: "Attention to the first operand",
    csv: () => [["block", "head", "x", "y", "share"], ...heads.flatMap(({ block, head }) => [...slice(now, block, head)].map((value, at) => [block, head, table.left[Math.floor(at / columns)], table.right[at % columns], (value / 255).toFixed(3)]))],
    legend: () => [0, 0.5, 1].map((share) => [hex(shade(share)), `${100 * share} %`]),
  });
  const drawn = heads.map(({ block, head }) => {
    const one = cells(rows, columns);
    const word = h("figcaption", {}, `block ${block}, head ${head}`);
    picture.body.append(h("figure", { class: "small-multiple" }, one.canvas, word));
    return { one, block, head };
  });
  picture.body.classList.add("multiples");
  return {
    element: picture.element,
    draw(next) {
      now = next ?? now;
      for (const { one, block, head } of drawn) {
        const values = slice(now, block, head);
        one.draw((data) => values.forEach((value, at) => put(data, at, shade(value / 255))));
      }
      picture.note(`At step ${inSteps(now.step)}: of what the last position gives to both operands, the share of x, by cell.`);
      picture.says(`${heads.length} heads at step ${inSteps(now.step)}. ${means(now).join("; ")}`);
    },
  };
}

function slice(moment, block, head) {
  const { cells: all } = moment.attention.find((each) => each.block === block);
  const size = all.shape[1] * all.shape[2];
  return all.subarray(head * size, (head + 1) * size);
}

function means(moment) {
  return moment.attention.flatMap((block) => {
    const [heads, length] = block.mean.shape;
    const last = (head) => [...block.mean.subarray((head * length + length - 1) * length, (head + 1) * length * length)];
    return [...Array(heads).keys()].map((head) => `block ${block.block} head ${head} looks at positions by ${last(head).map((value) => value.toFixed(2)).join(", ")}`);
  });
}

function hex(values) {
  return `#${values.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
