// One stream of events for everything that changes: browsers allow few connections to one place.

import { isStill } from "./source.js";

const followed = new Map(); // key → { step, listeners }
const runListeners = new Set();
const goneListeners = new Set();
const playListeners = new Set();
let stream = null;
let planned = null;
let until = null; // what has changed in the list until then is known: a new connection goes on from there
let lastPlay = { running: [], said: {} };

/** Begin to listen. */
export function begin() {
  if (!isStill) connect();
}

/** Hear of every run of the list that changes; return what ends that. */
export function onRuns(listener) {
  runListeners.add(listener);
  return () => runListeners.delete(listener);
}

/** Hear the keys of runs that were removed; return what ends that. */
export function onGone(listener) {
  goneListeners.add(listener);
  return () => goneListeners.delete(listener);
}

/** Hear which runs this page trains; return what ends that. */
export function onPlay(listener) {
  playListeners.add(listener);
  listener(lastPlay);
  return () => playListeners.delete(listener);
}

/** Hear of new rows of a run after a step; return what ends that. */
export function follow(key, step, listener) {
  if (isStill) return () => {};
  const one = followed.get(key) ?? { step, listeners: new Set() };
  one.step = Math.min(one.step, step);
  one.listeners.add(listener);
  followed.set(key, one);
  reconnect();
  return () => {
    one.listeners.delete(listener);
    if (!one.listeners.size && followed.get(key) === one) {
      followed.delete(key);
      reconnect();
    }
  };
}

function reconnect() {
  clearTimeout(planned);
  planned = setTimeout(connect, 30); // of several changes at once, one connection
}

function connect() {
  stream?.close();
  const wanted = [...followed].map(([key, one]) => `${key}:${one.step}`).join(",");
  stream = new EventSource(`events?follow=${encodeURIComponent(wanted)}&since=${until ?? ""}`);
  stream.addEventListener("runs", (event) => {
    const news = JSON.parse(event.data);
    until = news.until;
    if (news.runs.length) tell(runListeners, news.runs);
    if (news.gone.length) tell(goneListeners, news.gone);
  });
  stream.addEventListener("play", (event) => tell(playListeners, (lastPlay = JSON.parse(event.data))));
  stream.addEventListener("rows", (event) => {
    const news = JSON.parse(event.data);
    const one = followed.get(news.key);
    if (one) one.step = Math.max(one.step, news.last);
    tell(one?.listeners ?? [], news);
  });
  stream.onopen = () => document.body.classList.remove("is-lost");
  stream.onerror = () => document.body.classList.add("is-lost");
}

function tell(listeners, value) {
  for (const listener of [...listeners]) listener(value);
}

addEventListener("pagehide", () => stream?.close());
