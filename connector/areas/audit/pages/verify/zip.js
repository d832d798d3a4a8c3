// Reading a zip: bounded before anything is inflated, and while it is. Zip64, encryption, other
// methods than stored and deflate, and lists that contradict themselves are refused.

import { same, Unreadable, utf8, Wrong } from "./bytes.js";

export const MOST_BYTES = 512 << 20; // of all files together, as they are and as they become
export const MOST_FILES = 50_000;
const END = 0x06054b50;
const LISTED = 0x02014b50;
const LOCAL = 0x04034b50;
const SYMLINK = 0xa000;

const refuse = (code) => {
  throw new Unreadable(code);
};

// Give [{path, odd, read}] of an archive; `odd` where it is no plain file. Folders are left out.
export function zipEntries(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const at = endOf(view);
  const [count, size, start] = [view.getUint16(at + 10, true), view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  const disks = view.getUint16(at + 4, true) | view.getUint16(at + 6, true);
  if (disks !== 0 || count !== view.getUint16(at + 8, true) || start + size !== at) refuse("zip");
  if (count > MOST_FILES) refuse("large");
  const entries = [];
  let place = start;
  let [packed, unpacked] = [0, 0];
  for (let number = 0; number < count; number += 1) {
    const one = entryAt(data, view, place, at);
    place = one.next;
    packed += one.packed;
    unpacked += one.size;
    if (packed > data.length || unpacked > MOST_BYTES) refuse("large");
    if (!one.path.endsWith("/")) entries.push(one);
  }
  if (place !== at) refuse("zip");
  if (new Set(entries.map((one) => one.path)).size !== entries.length) refuse("zip");
  return entries;
}

function endOf(view) {
  const least = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= least; at -= 1) {
    const ends = at + 22 + view.getUint16(at + 20, true) === view.byteLength;
    if (ends && view.getUint32(at, true) === END) return at;
  }
  return refuse("zip");
}

function entryAt(data, view, place, end) {
  if (place + 46 > end || view.getUint32(place, true) !== LISTED) refuse("zip");
  const short = (at) => view.getUint16(place + at, true);
  const long = (at) => view.getUint32(place + at, true);
  const [flags, method, packed, size, offset] = [short(8), short(10), long(20), long(24), long(42)];
  const next = place + 46 + short(28) + short(30) + short(32);
  if (next > end || (flags & 1) !== 0 || (method !== 0 && method !== 8)) refuse("zip");
  if ([packed, size, offset].includes(0xffffffff) || (method === 0 && packed !== size)) refuse("zip");
  const name = data.subarray(place + 46, place + 46 + short(28));
  const begin = offset + 30 + name.length;
  if (begin > end || view.getUint32(offset, true) !== LOCAL) refuse("zip");
  const fits = view.getUint16(offset + 26, true) === name.length && view.getUint16(offset + 8, true) === method;
  if (!fits || !same(data.subarray(offset + 30, begin), name)) refuse("zip");
  const from = begin + view.getUint16(offset + 28, true);
  if (from + packed > end) refuse("zip");
  const odd = (long(38) >>> 16 & 0xf000) === SYMLINK;
  const body = data.subarray(from, from + packed);
  const read = () => (method === 0 ? body.slice() : inflated(body, size));
  return { path: nameOf(name), odd, read, next, packed, size };
}

function nameOf(data) {
  try {
    return utf8(data);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return refuse("zip");
  }
}

async function inflated(body, size) {
  const whole = new Uint8Array(size);
  let at = 0;
  const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (at + value.length > size) refuse("large");
      whole.set(value, at);
      at += value.length;
    }
  } catch (error) {
    await reader.cancel().catch(() => {});
    throw error instanceof Unreadable ? error : new Unreadable("zip");
  }
  return at === size ? whole : refuse("zip");
}
