// Where values come from: the server that sent the page, or the files beside it, which need none.

const isFiles = document.documentElement.dataset.source === "files";
const asked = new Map(); // address → the promise of its value, of files that are being read
const handed = new Map(); // address → the value that a file has handed over

/** Whether the page is a folder of files: then nothing is live and nothing can be begun. */
export const isStill = isFiles;

/** Return the value at an address; an error has the sentence that tells why there is none. */
export async function get(address, signal) {
  const value = await (isFiles ? fromFile(address) : fromServer(address, signal));
  signal?.throwIfAborted();
  return value;
}

/** Send something to the server. */
export async function send(path, value) {
  const headers = { "content-type": "application/json" };
  return answered(path, { method: "POST", headers, body: JSON.stringify(value) });
}

/** Return the address of a figure of a paper. */
export function pictureAt(name) {
  return `pictures/${encodeURIComponent(name)}`;
}

function fromServer(address, signal) {
  return answered(`values/${address}`, { signal });
}

async function answered(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
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
  if (!asked.has(address))
    asked.set(
      address,
      fromScript(address).finally(() => asked.delete(address)),
    );
  return asked.get(address);
}

function fromScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `values/${fileOf(address)}.js`;
    const end = () => {
      script.remove();
      if (handed.has(address)) resolve(handed.get(address));
      else reject(new Error("This is not among the exported files. `groklab page` shows it from the store itself."));
      handed.delete(address);
    };
    script.onload = end;
    script.onerror = end;
    document.head.append(script);
  });
}

function fileOf(address) {
  return address.replace(/[^A-Za-z0-9_-]/g, (sign) => `~${sign.codePointAt(0).toString(16)}`);
}

globalThis.groklab = { hand: (address, value) => handed.set(address, value) };
