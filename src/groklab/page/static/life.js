// How long something lasts: whatever listens or waits is given a signal, and ends when that is aborted.

/** Return a controller that ends with another signal, or before it. */
export function under(signal) {
  const life = new AbortController();
  if (signal?.aborted) life.abort();
  signal?.addEventListener("abort", () => life.abort(), { signal: life.signal });
  return life;
}

/** Call something when a signal is aborted. */
export function atEnd(signal, call) {
  signal?.addEventListener("abort", call, { once: true });
}

/** Keep a listener among others as long as a signal lasts. */
export function hear(listeners, listener, signal) {
  if (signal?.aborted) return;
  listeners.add(listener);
  atEnd(signal, () => listeners.delete(listener));
}
