// The forms of a bundle's files: manifest, leaves, agreements, peers, promises.

import { bytesOf, hex, MIB, sha256, Wrong } from "./bytes.js";
import * as j from "./json.js";

const { isInteger, isObject, isText } = j;
export const PATH = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,3}$/;
export const HEX = /^[0-9a-f]{64}$/;
export const AHEAD_S = 300; // how far clocks may differ
export const STAGES = { AGREED: "assigner", VERIFIED: "assignee", FINALIZED: "assigner" };
const KINDS = ["ACCESS", "AGREEMENT", "ANSWER", "CERTIFICATION", "COHORT", "CONFIGURATION", "ERASED",
  "NEGOTIATION", "PEER_CHECKPOINT", "PRODUCT", "QUESTION", "REFUSAL", "STATUS", "TRANSFER"];
const NEEDED = ["v", "id", "t", "kind", "sw", "space"];
const TEXTS = ["actor", "agreement", "blob", "commit", "consumerPid", "corr", "counterparty", "from",
  "process", "providerPid", "role", "space", "sw", "to"];
const OBJECTS = ["msg", "policy", "query"];

const isCount = (value) => isInteger(value) && value >= 0;
const isFilled = (value) => isText(value) && value !== "";
const isHash = (value) => isText(value) && HEX.test(value);
const isAny = () => true;

// Refuse other members than the form's, or values of another kind.
function expect(value, form) {
  if (!j.hasExactly(value, Object.keys(form))) throw new Wrong("other members than the format");
  for (const [name, fits] of Object.entries(form)) {
    if (!fits(value.get(name))) throw new Wrong(`\`${name}\` is of another kind`);
  }
  return value;
}

// manifest.json: {did, space, created, head, opened, files}; canonical, with exactly its members.
export function readManifest(data) {
  const value = expect(j.canonical(data, { limit: 64 * MIB, depth: 4 }), {
    format: isFilled, did: isFilled, space: isFilled, software: isFilled, created: isCount,
    log: isAny, opened: isFilled, absent: isAny, files: isAny,
  });
  const log = expect(value.get("log"), { origin: isFilled, size: isCount, root: isHash });
  const [absent, files, opened] = ["absent", "files", "opened"].map((name) => value.get(name));
  const known = ["none", "sessions", "all"].includes(opened);
  if (value.get("format") !== "voile-bundle/1" || !known) throw new Wrong("another format");
  if (!Array.isArray(absent) || !absent.every(isText)) throw new Wrong("what is absent is not said");
  if (!isObject(files)) throw new Wrong("a manifest that names no files");
  const listed = new Map();
  for (const [path, item] of files) {
    if (!PATH.test(path) || ["manifest.json", "manifest.jws"].includes(path)) {
      throw new Wrong("a manifest with a file that cannot be one");
    }
    expect(item, { bytes: isCount, "sha-256": isHash });
    listed.set(path, { bytes: item.get("bytes"), digest: item.get("sha-256") });
  }
  const head = { origin: log.get("origin"), size: log.get("size"), root: log.get("root") };
  const [did, space, created] = ["did", "space", "created"].map((name) => value.get(name));
  return { did, space, created, head, opened, files: listed };
}

function isPlain(value) {
  if (Array.isArray(value)) return value.every(isPlain);
  if (isObject(value)) return [...value.values()].every(isPlain);
  return isText(value) || isInteger(value) || typeof value === "boolean";
}

// One leaf: canonical JSON of at most 4 KiB with known fields.
export function readLeaf(line) {
  const leaf = j.canonical(line, { limit: 4096, depth: 6 });
  if (!isObject(leaf) || !NEEDED.every((name) => leaf.has(name))) throw new Wrong("a field lacks");
  if (!j.hasOnly(leaf, [...NEEDED, ...TEXTS, ...OBJECTS, "sig"])) throw new Wrong("an unknown field");
  for (const name of [...TEXTS, "id", "kind"]) {
    if (leaf.has(name) && !isText(leaf.get(name))) throw new Wrong("a text that is none");
  }
  if (leaf.get("v") !== 1 || !/^[0-9a-f]{32}$/.test(leaf.get("id"))) throw new Wrong("another version");
  if (!isCount(leaf.get("t")) || !KINDS.includes(leaf.get("kind"))) throw new Wrong("another kind");
  for (const name of OBJECTS) {
    if (leaf.has(name) && !(isObject(leaf.get(name)) && isPlain(leaf.get(name)))) {
      throw new Wrong("a value that is no text, integer or boolean");
    }
  }
  const msg = leaf.get("msg") ?? new Map();
  if (!j.hasOnly(msg, ["direction", "type", "id"]) || ![...msg.values()].every(isText)) {
    throw new Wrong("a message that is not direction, type and id");
  }
  const sig = leaf.has("sig") ? leaf.get("sig") : [];
  if (!Array.isArray(sig) || !sig.every(isText)) throw new Wrong("digests that are no texts");
  return leaf;
}

export const signaturesOf = (leaf) => leaf?.get("sig") ?? [];
export const queryOf = (leaf) => leaf?.get("query") ?? new Map();

// What the folder of an agreement or a party is called.
export const folderOf = async (name) => hex(await sha256(bytesOf(name))).slice(0, 32);

// agreement.json: what the stages are signatures of.
export function readAgreement(data) {
  const form = { agreement: isAny, consumerPid: isText, providerPid: isText };
  const value = expect(j.canonical(data), form);
  const body = value.get("agreement");
  if (!isObject(body) || !isText(body.get("@id"))) throw new Wrong("an agreement without ids");
  return value;
}

// peer.json: whose heads these are.
export const readPeer = (data) => expect(j.canonical(data, { limit: 4096 }), { did: isText }).get("did");

// A line of acks/: who promises, of which message, the signature, and what is signed.
export function readPromise(line) {
  const value = j.canonical(line, { limit: 3072, depth: 2 });
  const names = ["by", "corr", "hash", "index", "jws", "log"];
  const formed = isObject(value) && names.every((name) => value.has(name));
  if (!formed || !j.hasOnly(value, [...names, "accepted"])) throw new Wrong("no promise");
  const texts = [...value].filter(([name]) => name !== "index").map(([, text]) => text);
  if (!isCount(value.get("index")) || !texts.every(isText)) throw new Wrong("another kind");
  const [by, corr, hash, jws, log] = ["by", "corr", "hash", "jws", "log"].map((n) => value.get(n));
  const accepted = value.has("accepted") ? value.get("accepted") : hash;
  const marks = corr.startsWith("hmac-sha-256:") && isHash(corr.slice(13));
  if (!marks || !isHash(hash) || !isHash(accepted) || !/^[A-Za-z0-9_-]{43}$/.test(log)) {
    throw new Wrong("a promise whose mark, hash or log is none");
  }
  const told = new Map([...value].filter(([name]) => name !== "by" && name !== "jws"));
  return { by, corr, jws, payload: bytesOf(j.jcs(told)) };
}

// A line of opened/entries.jsonl.
export function readOpening(line) {
  const form = { id: isText, salt: isText, detail: isAny };
  const value = expect(j.canonical(line, { limit: 16 * MIB }), form);
  return { id: value.get("id"), salt: value.get("salt"), detail: value.get("detail") };
}
