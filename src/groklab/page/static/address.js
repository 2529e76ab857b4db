// What is seen is in the address, after the #: #/run/ID?step=100. A link shows the same again.

/** Return the parts of the present address and its query. */
export function here() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").filter(Boolean).map(plain), query: new URLSearchParams(query) };
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
  const { parts, query } = here();
  const next = link(parts, { ...Object.fromEntries(query), ...changes });
  if (next !== location.hash) history.replaceState(null, "", next);
}

/** Go to another view. */
export function go(parts, query = {}) {
  location.hash = link(parts, query);
}
