// Neurons on circles: how much of each one frequency explains, and at which phase.

import { frame } from "../figure.js";
import { plane } from "../points.js";
import { steps as inSteps } from "../words.js";

const SHOWN = 5; // frequencies in the legend
const MOST = 0.85; // of the variance: then a neuron is of a frequency (Nanda et al. 2023, 4.2)

/** Make the picture of the neurons. Return { element, draw(moment) }. */
export function neuronsPanel() {
  let moment = null;
  const picture = frame({
    title: "Neurons by frequency",
    csv: () => [["neuron", "frequency", "x", "y"], ...[...moment.neurons.frequency].map((k, at) => [at, k, moment.neurons.points[2 * at], moment.neurons.points[2 * at + 1]])],
    legend: () => (moment ? common(moment).map(([k, count], number) => [hex(number), `frequency ${k}: ${count}`]) : []),
  });
  const one = plane(320);
  picture.body.append(one.canvas);
  return {
    element: picture.element,
    draw(now) {
      moment = now ?? moment;
      if (!moment?.neurons) return;
      const { frequency, points } = moment.neurons;
      const places = new Map(common(moment).map(([k], number) => [k, number]));
      const hues = Array.from(frequency, (k) => (places.has(k) ? hex(places.get(k)) : "#8886"));
      one.draw({ points, hues, circle: true, edge: 1.15, radius: 2.2 });
      let count = 0;
      for (let at = 0; at < frequency.length; at++) if (Math.hypot(points[2 * at], points[2 * at + 1]) > MOST) count++;
      const text = `At step ${inSteps(moment.step)}: ${count} of ${frequency.length} neurons are to more than 85 % of one frequency (near the circle).`;
      picture.legend();
      picture.note(text);
      picture.says(`${text} The angle is the phase.`);
    },
  };
}

function common(moment) {
  const counts = new Map();
  const { frequency, points } = moment.neurons;
  frequency.forEach((k, at) => counts.set(k, (counts.get(k) ?? 0) + Math.hypot(points[2 * at], points[2 * at + 1])));
  const strong = [...counts].sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
  return strong.map(([k]) => [k, frequency.reduce((sum, other) => sum + (other === k ? 1 : 0), 0)]);
}

const COLORS = ["#d1495b", "#2a7fb8", "#1b9e77", "#c77f0a", "#8a56c2"];

function hex(number) {
  return COLORS[number % COLORS.length];
}

