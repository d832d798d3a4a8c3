// Heads of logs (C2SP tlog-checkpoint), and the tree that they are heads of (RFC 6962 §2.1).

import * as b from "./bytes.js";
import { isName, verifySignature, vkey } from "./keys.js";

const { Wrong } = b;

// Read a head without verifying it: {origin, size, root, keys}, what was signed, and the lines of
// signatures. `size` is the text: it may be beyond 2^53.
export function readHead(note) {
  if (note.length > 65536 || note.some((byte) => byte < 0x20 && byte !== 0x0a)) {
    throw new Wrong("a head that is too long, or with a control character");
  }
  const text = b.utf8(note);
  const end = text.lastIndexOf("\n\n");
  const [body, tail] = [text.slice(0, Math.max(end, 0)), text.slice(end + 2)];
  const lines = tail.slice(0, -1).split("\n");
  if (end === -1 || !tail.endsWith("\n") || lines.length > 64) throw new Wrong("no signed note");
  const told = body.split("\n"); // origin, size, root, and perhaps lines that we do not know
  if (told.length < 3 || !told.every(Boolean) || !/^(?:0|[1-9][0-9]{0,18})$/.test(told[1])) {
    throw new Wrong("a head that is not origin, size and root");
  }
  const root = b.unb64(told[2], { url: false });
  if (BigInt(told[1]) >= 2n ** 63n || root.length !== 32) throw new Wrong("no size or no root");
  const head = { origin: told[0], size: told[1], root: b.hex(root), keys: [] };
  return { head, body: b.bytesOf(`${body}\n`), lines };
}

// Verify a head: signed by a key that is named after its log; no known key may fail.
export async function openHead(note, logs, source) {
  const known = new Map();
  for (const text of logs) {
    const { name, id, key } = await vkey(text);
    known.set(`${name} ${id}`, key);
  }
  const { head, body, lines } = readHead(note);
  const holding = new Map();
  for (const line of lines) {
    const [dash, name, ...rest] = line.split(" ");
    const data = b.unb64(rest.join(" "), { url: false });
    if (dash !== "\u2014" || !isName(name ?? "") || data.length <= 4) {
      throw new Wrong("a head with a line that is no signature");
    }
    const key = known.get(`${name} ${b.hex(data.subarray(0, 4))}`);
    if (key !== undefined) {
      await verifySignature(key, data.slice(4), body);
      holding.set(`${name} ${key.thumbprint}`, { name, key: { ...key, source } });
    }
  }
  const keys = [...holding.values()].filter((one) => one.name === head.origin);
  if (keys.length === 0) throw new Wrong("a head that no trusted key of this log has signed");
  return { ...head, keys: keys.map((one) => one.key) };
}

// The root over leaf hashes, in hexadecimal: neighbours are joined, level by level.
export async function rootOf(hashes) {
  if (hashes.length === 0) return b.hex(await b.sha256(new Uint8Array()));
  const mark = Uint8Array.of(1);
  let row = hashes;
  while (row.length > 1) {
    const pairs = row.length - (row.length % 2);
    const next = [];
    for (let at = 0; at < pairs; at += 4096) {
      const work = [];
      for (let one = at; one < Math.min(at + 4096, pairs); one += 2) {
        work.push(b.sha256(b.joined(mark, row[one], row[one + 1])));
      }
      next.push(...(await Promise.all(work)));
    }
    row = [...next, ...row.slice(pairs)];
  }
  return b.hex(row[0]);
}

// Hashes of leaves, by their lines.
export async function leafHashes(lines) {
  const hashes = [];
  for (let at = 0; at < lines.length; at += 2048) {
    const work = lines.slice(at, at + 2048).map((line) => {
      const data = new Uint8Array(line.length + 1); // a leaf begins with a zero byte
      data.set(line, 1);
      return b.sha256(data);
    });
    hashes.push(...(await Promise.all(work)));
  }
  return hashes;
}
