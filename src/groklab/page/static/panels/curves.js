// Accuracy and loss over steps, with phases and milestones.

import { chart } from "../chart.js";
import { atEnd } from "../life.js";

/** Make both charts for as long as a signal lasts; `onHover(step)` moves the slider. */
export function curves({ unit, isLogX, onHover, signal }) {
  const accuracy = chart({ title: "Accuracy", label: "accuracy", isShare: true, isLogX, onHover });
  const loss = chart({ title: "Loss", label: `loss (${unit})`, isLogY: true, isLogX, onHover });
  const both = [
    [accuracy, "accuracy"],
    [loss, "loss"],
  ];
  atEnd(signal, () => both.forEach(([one]) => one.remove()));
  return {
    elements: both.map(([one]) => one.element),
    /** Draw what was recorded. */
    set(columns) {
      for (const [one, quantity] of both) {
        const parts = ["train", "validation"].filter((part) => columns[`${part}_${quantity}`]);
        one.set(
          columns.step,
          parts.map((part) => ({ name: part, color: part, values: columns[`${part}_${quantity}`] })),
        );
      }
    },
    /** Mark milestones in the accuracy, and where phases end in the loss. */
    mark(milestones, phases) {
      accuracy.mark([
        { step: milestones.memorized_at, word: "memorized", color: "train" },
        { step: milestones.generalized_at, word: "generalized", color: "validation" },
      ]);
      loss.mark(phases.map((phase) => ({ step: phase.until, word: `end of ${phase.name}`, color: "quiet" })));
    },
    at: (step) => both.forEach(([one]) => one.at(step)),
  };
}
