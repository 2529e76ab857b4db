// Bars on a canvas, some of them named.

import { h } from "./dom.js";
import { color } from "./theme.js";

const [WIDTH, HEIGHT] = [420, 180];
const FOOT = 16;

/** Make bars; `draw(values, { top, named, hueOf })`, where `top` is the value of a full bar. */
export function bars() {
  const ratio = Math.max(1, devicePixelRatio);
  const canvas = h("canvas", { class: "bars", width: WIDTH * ratio, height: HEIGHT * ratio });
  const pen = canvas.getContext("2d");
  return {
    canvas,
    draw(values, { top, named = new Set(), hueOf = () => color("validation") }) {
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, WIDTH, HEIGHT);
      const each = WIDTH / values.length;
      const room = HEIGHT - FOOT - 14;
      pen.font = "10px system-ui, sans-serif";
      pen.textAlign = "center";
      values.forEach((value, at) => {
        const height = Math.max(1, (value / (top || 1)) * room);
        const isNamed = named.has(at + 1);
        pen.fillStyle = isNamed ? hueOf(at + 1) : color("faint");
        pen.fillRect(at * each + 0.1 * each, HEIGHT - FOOT - height, 0.8 * each, height);
        pen.fillStyle = color(isNamed ? "ink" : "quiet");
        if (isNamed || (values.length <= 20 && each > 12)) pen.fillText(String(at + 1), (at + 0.5) * each, HEIGHT - 4);
      });
    },
  };
}
