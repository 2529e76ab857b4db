// The frame of every picture: its title, what it shows for those who do not see it, and how it is saved.

import { h } from "./dom.js";
import { color, colorOf } from "./theme.js";

const MARGIN = 12;

/**
 * Make a frame. `csv()` returns rows of cells, `legend()` pairs of a color and a word; what is drawn goes into `body`.
 * Every canvas of the body is on the picture that is saved.
 */
export function frame({ title, csv, legend = () => [], controls = [] }) {
  const body = h("div", { class: "picture-body" });
  const note = h("p", { class: "note" });
  const caption = h("figcaption", { class: "unseen" });
  const key = h("div", { class: "legend" });
  const save = h(
    "span",
    { class: "save" },
    saveButton(title, "PNG", () => savePng(element)),
    saveButton(title, "CSV", () => saveCsv(title, csv())),
  );
  const head = h("div", { class: "picture-head" }, h("h2", {}, title), controls, save);
  const element = h("figure", { class: "picture" }, head, body, key, note, caption);
  element.picture = { title, note: () => note.textContent, legend };
  const one = {
    element,
    body,
    /** Say beneath the picture what it shows now. */
    note: (text) => (note.textContent = text),
    /** Say what it shows to those who do not see it. */
    says(text) {
      caption.textContent = text;
      for (const canvas of body.querySelectorAll("canvas")) {
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", `${title}. ${text}`);
      }
    },
    /** Write the legend anew. */
    legend: () => key.replaceChildren(...legend().map(swatch)),
  };
  one.legend();
  return one;
}

/** Make a button that saves something of a picture. */
export function saveButton(title, kind, onclick) {
  return h("button", { type: "button", class: "small", onclick, "aria-label": `Save ${title} as ${kind}` }, kind);
}

function swatch([name, word]) {
  const box = h("i", { class: "swatch" });
  box.style.background = colorOf(name);
  return h("span", {}, box, word);
}

/** Save a picture with its title, legend and note. */
function savePng(element) {
  toCanvas(element).toBlob((blob) => save(blob, `${fileName(element.picture.title)}.png`));
}

/** Draw a picture as it is saved. */
function toCanvas(element) {
  const ratio = Math.max(2, devicePixelRatio);
  const body = element.querySelector(".picture-body");
  const box = body.getBoundingClientRect();
  const words = element.picture.legend();
  const lines = 22 + (words.length ? 20 : 0) + (element.picture.note() ? 18 : 0);
  const canvas = document.createElement("canvas");
  canvas.width = (box.width + 2 * MARGIN) * ratio;
  canvas.height = (box.height + lines + 2 * MARGIN) * ratio;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.fillStyle = color("paper");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = color("ink");
  pen.font = "600 14px system-ui, sans-serif";
  pen.fillText(element.picture.title, MARGIN, MARGIN + 13);
  for (const part of body.querySelectorAll("canvas")) {
    const place = part.getBoundingClientRect();
    if (place.width)
      pen.drawImage(part, place.x - box.x + MARGIN, place.y - box.y + MARGIN + 22, place.width, place.height);
  }
  pen.font = "12px system-ui, sans-serif";
  drawWords(pen, words, MARGIN + 22 + box.height + 14);
  pen.fillStyle = color("quiet");
  pen.fillText(element.picture.note(), MARGIN, MARGIN + box.height + lines - 4);
  return canvas;
}

function drawWords(pen, words, y) {
  let x = MARGIN;
  for (const [name, word] of words) {
    pen.fillStyle = colorOf(name);
    pen.fillRect(x, y - 9, 10, 10);
    pen.fillStyle = color("ink");
    pen.fillText(word, x + 14, y);
    x += 26 + pen.measureText(word).width;
  }
}

/** Save rows of cells as CSV. */
export function saveCsv(title, rows) {
  const text = rows.map((row) => row.map(cell).join(",")).join("\n");
  save(new Blob([`${text}\n`], { type: "text/csv" }), `${fileName(title)}.csv`);
}

function cell(value) {
  const text = value === null || value === undefined ? "" : String(value);
  const isFormula = typeof value === "string" && /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text));
  const plain = isFormula ? `'${text}` : text; // a spreadsheet would carry it out
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function save(blob, name) {
  const anchor = h("a", { href: URL.createObjectURL(blob), download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
}

function fileName(title) {
  return (
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 80) || "picture"
  );
}
