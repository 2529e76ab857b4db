// Elements from plain calls. Text only ever becomes text: nothing here reads markup.

const PROPERTIES = new Set(["value", "checked", "disabled", "selected", "hidden", "indeterminate", "open"]);

/** Make an element: attributes by name, `on…` for events, and children, which may be lists, text or nothing. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** Put new children in the place of an element's own. */
export function fill(element, ...children) {
  element.replaceChildren();
  return filled(element, {}, children);
}

/** Say something to those who do not see the page. */
export function announce(text) {
  let place = document.getElementById("announcements");
  if (!place) {
    place = h("div", { id: "announcements", class: "unseen", role: "status", "aria-live": "polite" });
    document.body.append(place);
  }
  place.textContent = text;
}

/** A button that copies text, and says that it did. */
function copyButton(text, label = "copy") {
  const button = h("button", { type: "button", class: "small", onclick: copy }, label);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = h("textarea", { class: "unseen", value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "copied";
    setTimeout(() => (button.textContent = label), 1500);
  }
  return button;
}

/** A command or code that can be copied. */
export function code(text) {
  return h("div", { class: "code" }, h("pre", { tabindex: "0" }, text), copyButton(text));
}

/** A sentence about what is wrong. */
export function trouble(error) {
  return h("p", { class: "trouble", role: "alert" }, error instanceof Error ? error.message : String(error));
}
