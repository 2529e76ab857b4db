// What is seen is in the address, after the #: #/run/ID?step=100. A link shows the same again.

const REST = 300; // milliseconds without a move after which an address is written: browsers refuse to at every frame
let planned = null; // { path, changes, timer } of an address that is still to be written

/** Return the parts of the present address and its query. */
export function here() {
  write();
  return read();
}

function read() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { path, parts: path.split("/").filter(Boolean).map(plain), query: new URLSearchParams(query) };
}

function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray % is no reason to show nothing
  }
}

/** Return the address of a view. What is empty is left out. */
export function link(parts, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const text = new URLSearchParams(given).toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** Change the query of the present address without going anywhere: the view has already changed itself. */
export function keep(changes) {
  keepSoon(changes);
  write();
}

/** Do so when nothing has moved for a moment. */
export function keepSoon(changes) {
  const { path } = read();
  const before = planned?.path === path ? planned.changes : {};
  clearTimeout(planned?.timer);
  planned = { path, changes: { ...before, ...changes }, timer: setTimeout(write, REST) };
}

function write() {
  if (!planned) return;
  clearTimeout(planned.timer);
  const { path, changes } = planned;
  planned = null;
  const now = read();
  if (now.path !== path) return; // of a view that was left
  const next = link(now.parts, { ...Object.fromEntries(now.query), ...changes });
  if (next !== location.hash) history.replaceState(null, "", next);
}

addEventListener("pagehide", write);
