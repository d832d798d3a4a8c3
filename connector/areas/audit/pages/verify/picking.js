// What a person picks or drops, as a bundle: files by path, and what is odd among them.

import { Unreadable } from "./bytes.js";
import { PATH } from "./forms.js";
import { MOST_BYTES, MOST_FILES, zipEntries } from "./zip.js";

const VERIFIER = "verify.py"; // no bundle vouches for a verifier

const bytes = async (file) => new Uint8Array(await file.arrayBuffer());
const isZip = (file) => /\.zip$/i.test(file.name);

// From entries {path, odd, read}; what lies outside of the bundle's own folder is odd.
async function bundle(entries, top) {
  const files = new Map();
  const odd = [];
  for (const one of entries) {
    const path = one.path.startsWith(top) ? one.path.slice(top.length) : one.path;
    if (one.odd || !one.path.startsWith(top) || !PATH.test(path)) odd.push(path);
    else if (path !== VERIFIER) files.set(path, await one.read());
  }
  if (files.size === 0) throw new Unreadable("empty");
  return { files, odd };
}

function bounded(sizes) {
  if (sizes.length > MOST_FILES || sizes.reduce((sum, size) => sum + size, 0) > MOST_BYTES) {
    throw new Unreadable("large");
  }
}

// A zip holds a bundle, or one folder that is one.
export async function ofZip(file) {
  bounded([file.size]);
  const entries = zipEntries(await bytes(file));
  const found = entries.filter((one) => /^(?:[^/]+\/)?manifest\.json$/.test(one.path));
  const tops = found.map((one) => one.path.slice(0, -"manifest.json".length));
  return bundle(entries, tops.includes("") || tops.length !== 1 ? "" : tops[0]);
}

// A folder that was picked: each file says where in it.
export function ofFolder(list) {
  const files = [...list];
  bounded(files.map((file) => file.size));
  const entries = files.map((file) => {
    const path = file.webkitRelativePath || file.name;
    return { path: path.slice(path.indexOf("/") + 1), odd: false, read: () => bytes(file) };
  });
  return bundle(entries, "");
}

const promised = (ask) => new Promise((resolve, reject) => ask(resolve, reject));

async function walked(entry, prefix, found) {
  if (found.length > MOST_FILES) throw new Unreadable("large");
  if (entry.isFile) {
    const file = await promised((resolve, reject) => entry.file(resolve, reject));
    found.push({ path: prefix + entry.name, odd: false, size: file.size, read: () => bytes(file) });
    return;
  }
  if (prefix.split("/").length > 6) throw new Unreadable("large");
  const reader = entry.createReader();
  for (;;) {
    const some = await promised((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const one of some) await walked(one, `${prefix}${entry.name}/`, found);
  }
}

// What was dropped: a folder, a zip, or the files of a bundle.
export async function ofDrop(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const [single] = transfer.files;
  if (transfer.files.length === 1 && isZip(single) && !entries[0]?.isDirectory) return ofZip(single);
  const found = [];
  for (const entry of entries) await walked(entry, "", found);
  bounded(found.map((one) => one.size));
  const folder = entries.length === 1 && entries[0].isDirectory;
  return bundle(found, folder ? `${entries[0].name}/` : "");
}
