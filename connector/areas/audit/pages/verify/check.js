// The checks of one bundle, in order: what verify.py and `voile audit verify` check, by the same codes.

import { bytesOf, hex, hmac, latin1, linesOf, same, sha256 } from "./bytes.js";
import { Unknown, Unsupported, Wrong } from "./bytes.js";
import { agreements, answers, contradictions, counts, statements } from "./contracts.js";
import { AHEAD_S, readLeaf, readManifest, signaturesOf } from "./forms.js";
import { leafHashes, openHead, rootOf } from "./heads.js";
import { shown } from "./json.js";
import { convicts, jwsHeader, openJws, replaced } from "./keys.js";
import { notHeld, openings, peers, promises } from "./others.js";
import { Keys } from "./trust.js";

const BACKWARDS_MS = 300_000;
const NOT_ITS_OWN = ["manifest-signature", "file-missing", "file-extra", "file-changed", "checkpoint",
  "log-size", "log-root", "leaf-changed", "leaf-hashes"];
const TOPS = ["keys/", "log/", "agreements/", "signed/", "peers/", "acks/", "opened/"];
const NOTHING = new Uint8Array();
const OUTCOMES = { 0: "OK", 1: "FINDINGS", 3: "UNCHECKED" };

// Check a bundle: files by path, trust as `readTrust` gives it, now in seconds since 1970. What came
// of it: `found`, each {level, code, where, about}; `outcome` as the commands say it.
export async function check(files, trust, now) {
  const made = new Check(files, trust, now);
  await made.run();
  return made;
}

export class Check {
  constructor(files, trust, now) {
    Object.assign(this, { files, trust, now });
    this.found = []; // in order, each once
    this.noted = new Set();
    this.manifest = null;
    this.leaves = [];
    this.byId = new Map();
    this.named = new Map(); // kinds of the leaves that name a digest
    this.reached = new Map(); // of agreement and party: states, and when
    this.newest = 0;
    this.grave = 0; // findings and proofs, the unchecked left out
    this.dated = new Map(); // when a leaf first names a digest, milliseconds
    this.marked = new Map(); // when a message of a party has its leaf
    this.own = []; // keys under which manifest and head are the party's
    this.said = []; // signed statements that hold
    this.contracts = new Map();
    this.signatures = [];
  }

  async run() {
    try {
      this.manifest = readManifest(this.file("manifest.json"));
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      this.add("manifest", "manifest.json");
      return;
    }
    if (this.manifest.created > this.now + AHEAD_S) this.add("manifest-time", "manifest.json");
    this.keys = await this.usableKeys();
    await this.manifestSignature();
    await this.everyFile();
    await this.log(await this.head());
    const taken = this.found.some((one) => NOT_ITS_OWN.includes(one.code));
    if (taken || this.own.length < 2) this.own = [];
    await agreements(this);
    await statements(this);
    contradictions(this);
    answers(this);
    counts(this);
    await peers(this);
    await promises(this);
    await openings(this);
    await notHeld(this);
  }

  get outcome() {
    const levels = new Set(this.found.map((one) => one.level));
    if (levels.has("finding") || levels.has("proof")) return OUTCOMES[1];
    return levels.size > 0 ? OUTCOMES[3] : OUTCOMES[0];
  }

  file(path) {
    return this.files.get(path) ?? NOTHING;
  }

  paths(start) {
    return [...this.files.keys()].filter((path) => path.startsWith(start)).sort();
  }

  // Folders below a top: [folder, files by name].
  folders(top) {
    const grouped = new Map();
    for (const path of this.paths(`${top}/`)) {
      const at = path.lastIndexOf("/");
      const items = grouped.get(path.slice(0, at)) ?? new Map();
      grouped.set(path.slice(0, at), items.set(path.slice(at + 1), this.files.get(path)));
    }
    return grouped;
  }

  // Note what was found; `about` holds what tells it from others of its code.
  add(code, where, about = {}, level = "finding") {
    if (level !== "unchecked") this.grave += 1;
    const name = JSON.stringify([level, code, where, about]);
    if (this.noted.has(name)) return;
    this.noted.add(name);
    this.found.push({ level, code, where, about });
  }

  unchecked(code, where, about) {
    this.add(code, where, about, "unchecked");
  }

  // Note what a signer's own keys show: nothing, unless all of them are trusted.
  accuse(code, where, about, keys, level = "proof") {
    const proven = keys.length > 0 && keys.every(convicts);
    const names = keys.map((key) => ({ thumbprint: key.thumbprint, source: key.source }));
    this.add(code, where, { ...about, keys: names }, proven ? level : "unchecked");
  }

  replaced(where, key) {
    this.unchecked("key-replaced", where, { until: replaced(key) });
  }

  before(digest, until) {
    return this.dated.has(digest) && this.dated.get(digest) <= until * 1000;
  }

  untrusted(did, where) {
    this.unchecked("key-untrusted", did, { see: where });
  }

  // Do something that may find a signature wrong or beyond checking; null where it did.
  async tried(work, code, where) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Unknown) this.unchecked("key-missing", where);
      else if (error instanceof Unsupported) this.unchecked("not-checkable", where);
      else if (error instanceof Wrong) this.add(code, where);
      else throw error;
      return null;
    }
  }

  async usableKeys() {
    const brought = this.files.get("keys/parties.json");
    let register = latin1(this.file("keys/register.jws"));
    const { hub } = this.trust;
    if (register && hub !== null) {
      let signer = null;
      try {
        const header = jwsHeader(register);
        signer = header.has("kid") ? shown(header.get("kid")).split("#")[0] : "";
      } catch (error) {
        if (!(error instanceof Wrong)) throw error;
      }
      if (signer !== null && signer !== hub.did) {
        this.unchecked("trust-foreign", "keys/register.jws");
        register = "";
      }
    }
    let keys;
    try {
      keys = await Keys.of(this.trust, brought, register, this.now);
    } catch (error) {
      if (error instanceof Unsupported) this.unchecked("not-checkable", "keys");
      else if (error instanceof Wrong) this.add("keys", "keys");
      else throw error;
      keys = await Keys.of(this.trust, undefined, "", this.now);
    }
    if (!keys.knows(this.manifest.did) && this.trust.parties.size > 0) {
      this.unchecked("trust-foreign", this.manifest.did);
    }
    return keys;
  }

  async manifestSignature() {
    const [did, where] = [this.manifest.did, "manifest.jws"];
    const payload = this.file("manifest.json");
    const find = (kid) => this.keys.find(did, kid);
    let key;
    try {
      const text = latin1(this.file(where));
      ({ key } = await openJws(text, "voile-bundle+jws", find, { payload }));
    } catch (error) {
      if (error instanceof Unsupported) this.unchecked("not-checkable", where);
      else if (error instanceof Wrong) this.add("manifest-signature", where);
      else throw error;
      return;
    }
    this.own.push(key);
    if (key.source === "brought") this.untrusted(did, where);
    else if (replaced(key)) this.replaced(where, key);
  }

  async everyFile() {
    const listed = this.manifest.files;
    const there = [...this.files.keys()].filter((path) => !["manifest.json", "manifest.jws"].includes(path));
    for (const path of [...new Set([...listed.keys(), ...there])].sort()) {
      const [data, expected] = [this.files.get(path), listed.get(path)];
      if (data === undefined) this.add("file-missing", path);
      else if (expected === undefined) this.add("file-extra", path);
      else {
        const fits = expected.bytes === data.length && expected.digest === hex(await sha256(data));
        if (!fits) this.add("file-changed", path);
        const known = ["checkpoint", "README.txt"].includes(path);
        if (!known && !TOPS.some((top) => path.startsWith(top))) this.add("file-extra", path, { form: true });
      }
    }
  }

  // Check the signed head of the log; give the size and root that count.
  async head() {
    const { did, head: told } = this.manifest;
    const { logs, source } = await this.keys.logs(did);
    const open = () => openHead(this.file("checkpoint"), logs, source);
    let head;
    try {
      head = await open();
    } catch (error) {
      if (error instanceof Unsupported) this.unchecked("not-checkable", "checkpoint");
      else if (error instanceof Wrong) this.add("checkpoint", "checkpoint");
      else throw error;
      return told;
    }
    if (source === "brought") this.unchecked("log-untrusted", did);
    const keys = head.keys.map((key) => this.keys.judge(did, key));
    this.own.push(...keys);
    const late = keys.reduce((most, key) => (replaced(key) > replaced(most) ? key : most));
    if (source !== "brought" && replaced(late)) this.replaced("checkpoint", late);
    const fits = head.origin === told.origin && head.size === String(told.size) && head.root === told.root;
    if (!fits) this.add("checkpoint", "checkpoint", { form: true });
    return { size: Number(head.size), root: head.root };
  }

  // Check every leaf, and the tree over them.
  async log({ size, root }) {
    const where = "log/entries.jsonl";
    const { lines, rest } = linesOf(this.file(where));
    if (rest.length > 0) this.add("log-form", where);
    lines.forEach((line, index) => this.leaf(line, index, where));
    if (this.newest > (this.manifest.created + AHEAD_S) * 1000) {
      this.add("manifest-time", "manifest.json", { form: true });
    }
    const spaces = this.leaves.filter(Boolean).map((leaf) => leaf.get("space"));
    if (spaces.some((space) => space !== this.manifest.space)) this.add("leaf-space", where);
    const hashes = await leafHashes(lines);
    let listed = this.files.get("log/leaf-hashes");
    if (hashes.length !== size) this.add("log-size", where, { expected: size, got: hashes.length });
    if (listed !== undefined && listed.length !== 32 * size) {
      this.add("leaf-hashes", "log/leaf-hashes", { expected: size });
      listed = undefined;
    }
    const signed = [];
    for (let at = 0; at < (listed?.length ?? 0); at += 32) signed.push(listed.subarray(at, at + 32));
    const differ = signed.flatMap((hash, at) => (hashes[at] && same(hash, hashes[at]) ? [] : [at]));
    this.root = hashes.length === size ? await rootOf(hashes) : "";
    if (this.root === root) {
      if (listed !== undefined && differ.length > 0) this.add("leaf-hashes", "log/leaf-hashes");
      return;
    }
    if (hashes.length === size) this.add("log-root", where);
    if (listed !== undefined && (await rootOf(signed)) === root) {
      for (const leaf of differ) this.add("leaf-changed", where, { leaf });
    }
  }

  leaf(line, index, where) {
    let leaf = null;
    try {
      leaf = readLeaf(line);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      this.add("leaf-malformed", where, { leaf: index });
    }
    this.leaves.push(leaf);
    if (leaf === null) return;
    const [id, time, kind] = [leaf.get("id"), leaf.get("t"), leaf.get("kind")];
    if (this.byId.has(id)) this.add("leaf-twice", where, { leaf: index });
    else this.byId.set(id, index);
    if (time < this.newest - BACKWARDS_MS) this.add("leaf-backdated", where, { leaf: index });
    this.newest = Math.max(this.newest, time);
    for (const digest of signaturesOf(leaf)) {
      this.named.set(digest, (this.named.get(digest) ?? new Set()).add(kind));
      this.dated.set(digest, Math.min(time, this.dated.get(digest) ?? time));
    }
    if (leaf.get("corr")) {
      const mark = JSON.stringify([leaf.get("counterparty") ?? "", leaf.get("corr")]);
      if (!this.marked.has(mark)) this.marked.set(mark, time);
    }
    if (["NEGOTIATION", "AGREEMENT"].includes(kind) && leaf.has("agreement")) {
      const of = JSON.stringify([leaf.get("agreement"), leaf.get("counterparty") ?? ""]);
      const states = this.reached.get(of) ?? new Map();
      const to = leaf.get("to") ?? "";
      if (!states.has(to)) states.set(to, time);
      this.reached.set(of, states);
    }
  }

  // When a leaf first names each statement, by the mark that promises have of it.
  async stated(corr) {
    if (this.statedBy === undefined) {
      this.statedBy = new Map();
      const key = bytesOf("voile-statement-v1");
      for (const [digest, at] of this.dated) this.statedBy.set(await hmac(key, bytesOf(digest)), at);
    }
    return this.statedBy.get(corr);
  }
}
