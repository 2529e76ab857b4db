// One stream of events for everything that changes: browsers allow few connections to one place.

import { atEnd, hear } from "./life.js";
import { isStill } from "./source.js";

const followed = new Map(); // key → { step, listeners }
const runListeners = new Set();
const playListeners = new Set();
let stream = null;
let planned = null;
let known = ""; // the id of the last event: a connection that follows other runs goes on from there
let lastPlay = null;
let settle = null;

/** Comes true when all that changes from now on will be told, or cannot be. */
export const ready = isStill ? Promise.resolve() : new Promise((resolve) => (settle = resolve));

/** Begin to listen. */
export function begin() {
  if (!isStill) connect();
}

/** Hear of what changes in the list: `{ runs, gone, isWhole }`, where `isWhole` says that there are no other runs. */
export function onRuns(listener, signal) {
  hear(runListeners, listener, signal);
}

/** Hear which runs this page trains. */
export function onPlay(listener, signal) {
  hear(playListeners, listener, signal);
  if (lastPlay) listener(lastPlay);
}

/** Hear of new rows of a run after a step. */
export function follow(key, step, listener, signal) {
  if (isStill || signal.aborted) return;
  const one = followed.get(key) ?? { step, listeners: new Set() };
  one.step = Math.min(one.step, step);
  hear(one.listeners, listener, signal);
  followed.set(key, one);
  reconnect();
  atEnd(signal, () => {
    if (one.listeners.size || followed.get(key) !== one) return;
    followed.delete(key);
    reconnect();
  });
}

function reconnect() {
  clearTimeout(planned);
  planned = setTimeout(connect, 30); // of several changes at once, one connection
}

function connect() {
  stream?.close();
  const wanted = [...followed].map(([key, one]) => `${key}:${one.step}`).join(",");
  stream = new EventSource(`events?follow=${encodeURIComponent(wanted)}&since=${known}`);
  on("begin", () => settle());
  on("runs", (news) => tell(runListeners, news));
  on("play", (state) => tell(playListeners, (lastPlay = state)));
  on("rows", (news) => {
    const one = followed.get(news.key);
    if (!one) return;
    one.step = Math.max(one.step, news.last);
    tell(one.listeners, news);
  });
  stream.onopen = () => document.body.classList.remove("is-lost");
  stream.onerror = () => {
    document.body.classList.add("is-lost");
    settle();
  };
}

function on(name, hears) {
  stream.addEventListener(name, (event) => {
    known = event.lastEventId;
    hears(JSON.parse(event.data));
  });
}

/** Tell all; what is wrong with one of them is told as it is, and keeps nothing from the others. */
function tell(listeners, value) {
  for (const listener of [...listeners]) {
    try {
      listener(value);
    } catch (error) {
      reportError(error);
    }
  }
}

addEventListener("pagehide", () => stream?.close());
