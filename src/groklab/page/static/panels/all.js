// What is seen inside a network at the slider's step. A new picture is a file beside this one and its place here.

import { attention } from "./attention.js";
import { embedding } from "./embedding.js";
import { neurons } from "./neurons.js";
import { spectrum } from "./spectrum.js";

/**
 * Each is { isFor(moment), make(context) }: whether a network has such a picture, and the picture as an `element` with
 * `draw(moment, last)`, where moment is of the slider's step and last of the last. `context` has the run's `key`, its
 * `table`, one `moment`, and what the address keeps of pictures: `query`, and `keep(changes)`.
 */
export const PANELS = [embedding, spectrum, neurons, attention];
