// The spectrum of the embedding: how strong each frequency is in it.

import { bars } from "../bars.js";
import { frame } from "../figure.js";
import { colorOf, wheel } from "../theme.js";
import { steps as inSteps } from "../words.js";

export const spectrum = {
  isFor: (moment) => moment.embedding.spectrum !== null,
  make: ({ moment }) => new Spectrum(moment),
};

class Spectrum {
  constructor(moment) {
    this.moment = moment;
    this.picture = frame({ title: "Spectrum of the embedding", csv: () => this.rows() });
    this.element = this.picture.element;
    this.bars = bars();
    this.picture.body.append(this.bars.canvas);
  }

  rows() {
    return [["frequency", "norm"], ...Array.from(this.moment.embedding.spectrum, (value, at) => [at + 1, value])];
  }

  draw(moment, last) {
    this.moment = moment;
    const values = moment.embedding.spectrum;
    const top = Math.max(...values, ...(last?.embedding.spectrum ?? []));
    const strong = moment.embedding.planes.map((plane) => plane.frequency);
    const hueOf = (k) => colorOf(wheel((strong.indexOf(k) + 0.4) / strong.length));
    this.bars.draw(values, { top, named: new Set(strong), hueOf });
    const step = inSteps(moment.step);
    this.picture.note(`At step ${step}. Named are the frequencies that are strongest in the end.`);
    this.picture.says(`Norm of each frequency at step ${step}; strongest in the end: ${strong.join(", ")}.`);
  }
}
