// Where values come from: the server that sent the page, or the files beside it, which need none.

const isFiles = document.documentElement.dataset.source === "files";
const waiting = new Map();

/** Whether the page is a folder of files: then nothing is live and nothing can be begun. */
export const isStill = isFiles;

/** Return the value at an address; an error has the sentence that tells why there is none. */
export function get(address) {
  return isFiles ? fromFile(address) : fromServer(address);
}

/** Send something to the server. */
export async function send(path, value) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  });
  return understood(answer);
}

/** Return the address of a figure of a paper. */
export function pictureAt(name) {
  return `pictures/${encodeURIComponent(name)}`;
}

async function fromServer(address) {
  let answer;
  try {
    answer = await fetch(`values/${address}`);
  } catch {
    throw new Error("The server does not answer. Was `groklab page` ended? Start it again, and load this page anew.");
  }
  return understood(answer);
}

async function understood(answer) {
  const text = await answer.text();
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(text || `The server answered with status ${answer.status}.`);
  }
  if (!answer.ok) throw new Error(value?.trouble ?? `The server answered with status ${answer.status}.`);
  return value;
}

/** Files are scripts that hand their value over: pages that are opened from a folder may read nothing else. */
function fromFile(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `values/${fileOf(address)}.js`;
    waiting.set(address, resolve);
    script.onload = () => script.remove();
    script.onerror = () => {
      waiting.delete(address);
      script.remove();
      reject(new Error("This is not among the exported files. `groklab page` shows it from the store itself."));
    };
    document.head.append(script);
  });
}

export function fileOf(address) {
  return address.replace(/[^A-Za-z0-9_-]/g, (sign) => `~${sign.codePointAt(0).toString(16)}`);
}

globalThis.groklab = {
  hand(address, value) {
    waiting.get(address)?.(value);
    waiting.delete(address);
  },
};
