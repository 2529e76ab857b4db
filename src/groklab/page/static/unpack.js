// Arrays as the server packs them: bytes in base64, little endian.

const KINDS = { f4: Float32Array, f8: Float64Array, i2: Int16Array, i4: Int32Array, u1: Uint8Array };

/** Return the typed array, with its `shape`. */
export function unpack(packed) {
  if (!packed) return null;
  const text = atob(packed.bytes);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  const values = new KINDS[packed.type](bytes.buffer);
  values.shape = packed.shape;
  return values;
}

/** Return all columns of a record. */
export function unpackAll(columns) {
  return Object.fromEntries(Object.entries(columns).map(([name, packed]) => [name, unpack(packed)]));
}

/** Put new rows below others, dropping what they repeat. */
export function joined(columns, more) {
  if (!more.step || !more.step.length) return columns;
  if (!columns.step || !columns.step.length) return more;
  const kept = firstFrom(columns.step, more.step[0]);
  const names = new Set([...Object.keys(columns), ...Object.keys(more)]);
  const result = {};
  for (const name of names) {
    const values = new Float64Array(kept + more.step.length).fill(NaN);
    if (columns[name]) values.set(columns[name].subarray(0, kept));
    if (more[name]) values.set(more[name], kept);
    result[name] = values;
  }
  return result;
}

/** Return the first place whose value is at least `wanted`, in rising values. */
export function firstFrom(values, wanted) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Return the last place whose value is at most `wanted`, or 0. */
export function lastTo(values, wanted) {
  return Math.max(firstFrom(values, wanted + 1e-9) - 1, 0);
}
