// Neurons on circles: how much of each one frequency explains, and at which phase.

import { frame } from "../figure.js";
import { plane } from "../points.js";
import { colorOf, hues } from "../theme.js";
import { steps as inSteps } from "../words.js";

const COLORS = hues(5); // of the frequencies in the legend
const OTHER = "#8886";
const MOST = 0.85; // of the variance: then a neuron is of a frequency (Nanda et al. 2023, 4.2)

export const neurons = {
  isFor: (moment) => Boolean(moment.neurons?.frequency.length),
  make: ({ moment }) => new Neurons(moment),
};

class Neurons {
  constructor(moment) {
    this.moment = moment;
    this.picture = frame({ title: "Neurons by frequency", csv: () => this.rows(), legend: () => this.legend() });
    this.element = this.picture.element;
    this.plane = plane();
    this.picture.body.append(this.plane.canvas);
  }

  rows() {
    const { frequency, points } = this.moment.neurons;
    const rows = Array.from(frequency, (k, at) => [at, k, points[2 * at], points[2 * at + 1]]);
    return [["neuron", "frequency", "x", "y"], ...rows];
  }

  legend() {
    return common(this.moment.neurons).map(([k, count], at) => [COLORS[at], `frequency ${k}: ${count}`]);
  }

  draw(moment) {
    this.moment = moment;
    const { frequency, points } = moment.neurons;
    const names = new Map(common(moment.neurons).map(([k], at) => [k, COLORS[at]]));
    const colors = new Map([...names].map(([k, name]) => [k, colorOf(name)]));
    const drawn = Array.from(frequency, (k) => colors.get(k) ?? OTHER);
    this.plane.draw({ points, hues: drawn, circle: true, edge: 1.15, radius: 2.2 });
    const count = frequency.reduce((sum, _, at) => sum + (share(points, at) > MOST ? 1 : 0), 0);
    const many = `${count} of ${frequency.length} neurons are to more than ${100 * MOST} % of one frequency`;
    const text = `At step ${inSteps(moment.step)}: ${many} (near the circle).`;
    this.picture.legend();
    this.picture.note(text);
    this.picture.says(`${text} The angle is the phase.`);
  }
}

function share(points, at) {
  return Math.hypot(points[2 * at], points[2 * at + 1]);
}

/** Return the frequencies that explain most, with how many neurons are of each. */
function common({ frequency, points }) {
  const [sums, counts] = [new Map(), new Map()];
  frequency.forEach((k, at) => {
    sums.set(k, (sums.get(k) ?? 0) + share(points, at));
    counts.set(k, (counts.get(k) ?? 0) + 1);
  });
  const strong = [...sums].sort((a, b) => b[1] - a[1]).slice(0, COLORS.length);
  return strong.map(([k]) => [k, counts.get(k)]);
}
