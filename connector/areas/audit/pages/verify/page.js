// The page: takes a bundle and a trust file, and says line by line what was checked and what not.
// Nothing leaves it. What a bundle says goes into the page as text, never as markup.

import { Unreadable, Wrong } from "./bytes.js";
import { check } from "./check.js";
import { drawn, note } from "./drawing.js";
import { ofDrop, ofFolder, ofZip } from "./picking.js";
import { NOBODY, readTrust } from "./trust.js";

const MOST_TRUST = 16 << 20;
const main = document.getElementById("verifier");
const words = JSON.parse(main.dataset.words);
const result = document.getElementById("result");
const field = (name) => document.getElementById(name);
let bundle = null;
let trust = NOBODY;
let turn = 0;
let queue = Promise.resolve();

async function trusted(file) {
  if (file === undefined) return NOBODY;
  if (file.size > MOST_TRUST) throw new Unreadable("trust");
  try {
    return await readTrust(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    throw error instanceof Wrong ? new Unreadable("trust") : error;
  }
}

// Do what was asked for, one after the other, and show what it came to with bundle and trust as they
// are then; what was asked for before is no longer of interest.
function shown(take) {
  turn += 1;
  const mine = turn;
  result.replaceChildren(note(words.working));
  result.setAttribute("aria-busy", "true");
  delete result.dataset.outcome;
  queue = queue.then(async () => {
    const { outcome, nodes } = await judged(take, () => mine === turn);
    if (mine !== turn) return;
    if (outcome !== "") result.dataset.outcome = outcome;
    result.replaceChildren(...nodes);
    result.removeAttribute("aria-busy");
  });
}

async function judged(take, wanted) {
  try {
    await take();
    if (!wanted()) return { outcome: "", nodes: [] };
    if (trust === null) throw new Unreadable("trust"); // until another is chosen
    if (bundle === null) return { outcome: "", nodes: [note(words.waiting)] };
    const made = await check(bundle.files, trust, Math.floor(Date.now() / 1000));
    for (const path of bundle.odd) made.add("file-odd", path);
    return { outcome: made.outcome, nodes: drawn(made, words) };
  } catch (error) {
    const code = error instanceof Unreadable ? error.message : "failed";
    if (code === "failed") console.error(error);
    const why = words.unreadable[code] ?? words.unreadable.failed;
    return { outcome: "UNREADABLE", nodes: [note(words.outcomes.UNREADABLE, "h2"), note(why)] };
  }
}

async function taking(make) {
  bundle = null;
  bundle = await make();
}

if (globalThis.crypto?.subtle === undefined) {
  result.replaceChildren(note(words.insecure));
} else {
  field("folder").addEventListener("change", ({ target }) => {
    if (target.files.length > 0) shown(() => taking(() => ofFolder(target.files)));
  });
  field("zip").addEventListener("change", ({ target }) => {
    if (target.files.length > 0) shown(() => taking(() => ofZip(target.files[0])));
  });
  field("trust").addEventListener("change", ({ target }) => {
    shown(async () => {
      trust = null;
      trust = await trusted(target.files[0]);
    });
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const { dataTransfer } = event;
    if (dataTransfer !== null && dataTransfer.items.length > 0) {
      const made = ofDrop(dataTransfer); // its items are gone after this turn
      shown(() => taking(() => made));
    }
  });
  main.hidden = false;
}
