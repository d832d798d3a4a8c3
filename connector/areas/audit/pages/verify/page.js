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

async function trusted(file) {
  if (file === undefined) return NOBODY;
  if (file.size > MOST_TRUST) throw new Unreadable("trust");
  try {
    return await readTrust(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    throw error instanceof Wrong ? new Unreadable("trust") : error;
  }
}

// Do what was asked for, and show it; what was asked for before is no longer of interest.
async function shown(take) {
  turn += 1;
  const mine = turn;
  result.replaceChildren(note(words.working));
  result.setAttribute("aria-busy", "true");
  let nodes;
  try {
    await take();
    if (bundle === null) nodes = [note(words.waiting)];
    else {
      const made = await check(bundle.files, trust, Math.floor(Date.now() / 1000));
      for (const path of bundle.odd) made.add("file-odd", path);
      nodes = drawn(made, words);
    }
  } catch (error) {
    const code = error instanceof Unreadable ? error.message : "failed";
    nodes = [note(words.outcomes.UNREADABLE, "h2"), note(words.unreadable[code] ?? words.unreadable.failed)];
    result.dataset.outcome = "UNREADABLE";
    if (code === "failed") console.error(error);
  }
  if (mine !== turn) return;
  result.replaceChildren(...nodes);
  result.removeAttribute("aria-busy");
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
      trust = NOBODY;
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
