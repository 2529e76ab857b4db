// The embedding in a plane, and its spectrum.

import { bars } from "../bars.js";
import { h } from "../dom.js";
import { frame } from "../figure.js";
import { hue, plane } from "../points.js";
import { get, isStill } from "../source.js";
import { unpack } from "../unpack.js";
import { steps as inSteps } from "../words.js";

const SIDE = 320;

/** Make the picture of an embedding; `onChoose` hears which plane is chosen. Return { element, draw(moment) }. */
export function embeddingPanel(key, { plane: first, onChoose }) {
  let moment = null;
  let chosen = first ?? "0";
  let near = null; // t-SNE, with the step of which it is
  const choice = h("select", { "aria-label": "Plane of the embedding", onchange: () => ((chosen = choice.value), onChoose(chosen === "0" ? "" : chosen), draw()) });
  const picture = frame({
    title: "The embedding",
    controls: [choice],
    csv: () => [["symbol", "x", "y"], ...moment.embedding.symbols.map((symbol, at) => [symbol, points()[2 * at], points()[2 * at + 1]])],
  });
  const one = plane(SIDE);
  picture.body.append(one.canvas);

  function options() {
    const planes = moment.embedding.planes.map((each, at) => [String(at), each.frequency ? `frequency ${each.frequency}` : "leading directions"]);
    const all = isStill ? planes : [...planes, ["near", "t-SNE"]];
    if (!all.some(([value]) => value === chosen)) chosen = "0"; // an address may say anything
    if ([...choice.options].map((each) => each.textContent).join() !== all.map(([, word]) => word).join()) choice.replaceChildren(...all.map(([value, word]) => h("option", { value, selected: value === chosen }, word)));
  }

  function points() {
    return chosen === "near" && near ? near.points : moment.embedding.planes[chosen === "near" ? 0 : Number(chosen)].points;
  }

  async function neighbours(step) {
    near = near?.step === step ? near : { step, points: near?.points };
    if (near.isAsked) return;
    near.isAsked = true;
    try {
      const found = await get(`runs/${key}/neighbours/${step}`);
      near = { step, points: unpack(found.points), isAsked: true };
      if (chosen === "near") draw();
    } catch (error) {
      picture.note(error.message);
    }
  }

  function draw() {
    if (chosen === "near") {
      if (near?.step !== moment.step) neighbours(moment.step);
      if (!near?.points) return picture.note("working out t-SNE …");
    }
    const { symbols, planes } = moment.embedding;
    const frequency = chosen === "near" ? 0 : planes[Number(chosen)].frequency;
    const count = symbols.length;
    const share = (at) => (frequency ? ((frequency * at) % count) / count : at / count);
    const order = frequency ? [...symbols.keys()].sort((a, b) => share(a) - share(b)) : null;
    one.draw({ points: points(), names: symbols, hues: symbols.map((_, at) => hue(share(at))), order, circle: Boolean(frequency), edge: Math.max(frequency ? 1.4 : 2.2, 1.1 * furthest(points())) });
    const what = frequency ? `the plane of frequency ${frequency}: cos and sin of 2π·${frequency}·x/${count}` : chosen === "near" ? "t-SNE of all directions" : "its two leading directions";
    picture.note(`At step ${inSteps(moment.step)}: ${what}.`);
    picture.says(`${count} symbols at step ${inSteps(moment.step)}, in ${what}.`);
  }

  return {
    element: picture.element,
    draw(now) {
      moment = now ?? moment;
      if (!moment) return;
      options();
      draw();
    },
  };
}

function furthest(points) {
  return points.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Make the bars of a spectrum. Return { element, draw(moment, last) }. */
export function spectrumPanel() {
  let moment = null;
  const picture = frame({
    title: "Spectrum of the embedding",
    csv: () => [["frequency", "norm"], ...[...moment.embedding.spectrum].map((value, at) => [at + 1, value])],
  });
  const one = bars();
  picture.body.append(one.canvas);
  return {
    element: picture.element,
    draw(now, last) {
      moment = now ?? moment;
      if (!moment?.embedding.spectrum) return;
      const values = moment.embedding.spectrum;
      const top = Math.max(...values, ...(last?.embedding.spectrum ?? []));
      const strong = moment.embedding.planes.map((plane) => plane.frequency);
      one.draw(values, { top, named: new Set(strong), hueOf: (k) => hue((strong.indexOf(k) + 0.4) / 3) });
      picture.note(`At step ${inSteps(moment.step)}. Named are the three frequencies that are strongest in the end.`);
      picture.says(`Norm of each frequency at step ${inSteps(moment.step)}; strongest in the end: ${strong.join(", ")}.`);
    },
  };
}
