// What others showed and promised, what is opened, and what is named and not there.

import * as b from "./bytes.js";
import * as f from "./forms.js";
import { openHead, readHead } from "./heads.js";
import { isObject, isText, jcs } from "./json.js";
import { openJws, replaced } from "./keys.js";

const { Wrong } = b;

export async function peers(check) {
  for (const [folder, files] of check.folders("peers")) await peer(check, folder, files);
}

// Heads of another party's log: signatures, leaves, and each with the others.
async function peer(check, folder, files) {
  let did = null;
  try {
    did = f.readPeer(files.get("peer.json") ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    check.add("peer-malformed", `${folder}/peer.json`);
  }
  const { logs, source } = did === null ? { logs: [], source: "brought" } : await check.keys.logs(did);
  const heads = [];
  for (const [name, data] of files) {
    const where = `${folder}/${name}`;
    const digest = await b.digestOf(data);
    const seen = check.named.get(digest)?.has("PEER_CHECKPOINT");
    if (name.endsWith(".checkpoint") && !seen) check.add("peer-unlogged", where);
    if (did === null || name === "peer.json") continue;
    const open = async () => (logs.length > 0 ? openHead(data, logs, source) : readHead(data).head);
    const read = await check.tried(open, "peer-checkpoint", where);
    if (read === null) continue;
    const head = { ...read, keys: read.keys.map((key) => check.keys.judge(did, key)) };
    if (name !== `${head.size}-${head.root}.checkpoint`) check.add("peer-place", where);
    heads.push({ where, head });
    const latest = Math.max(0, ...head.keys.map(replaced));
    const late = head.keys.find((key) => replaced(key) === latest);
    if (latest && !check.before(digest, latest)) check.replaced(where, late);
  }
  if (did === null) return;
  if (folder.split("/").at(-1) !== (await f.folderOf(did))) check.add("peer-place", folder);
  if (heads.length > 0 && logs.length === 0) check.unchecked("key-missing", folder);
  else if (heads.length > 0 && source === "brought") check.untrusted(did, folder);
  compared(check, did, heads);
}

function compared(check, did, heads) {
  const [roots, names] = [new Map(), new Map()];
  for (const { where, head } of heads) {
    const logs = [`name ${head.origin}`, ...head.keys.map((key) => `key ${key.thumbprint}`)];
    for (const log of logs) {
      const place = `${head.size} ${log}`;
      if (!roots.has(place)) roots.set(place, head);
      const rival = roots.get(place);
      if (rival.root !== head.root) {
        const both = head.keys.length > 0 && rival.keys.length > 0;
        const keys = both ? [...head.keys, ...rival.keys] : [];
        check.accuse("split-view", where, { did, size: head.size }, keys);
      }
      if (!names.has(log)) names.set(log, head);
      if (names.get(log).origin !== head.origin) {
        check.accuse("renamed-log", where, { did }, head.keys, "finding");
      }
    }
  }
}

// What parties acknowledged: form, place, signature, and that a leaf tells of it.
export async function promises(check) {
  for (const path of check.paths("acks/")) {
    const { lines, rest } = b.linesOf(check.files.get(path));
    if (rest.length > 0) check.add("ack-form", path, { form: true });
    const seen = new Set();
    for (const line of lines) {
      const made = await check.tried(() => promise(check, line), "ack-signature", path);
      if (made === null) continue;
      const { by, corr, key, iat } = made;
      if (path !== `acks/${await f.folderOf(by)}.jsonl` || seen.has(corr)) check.add("ack-form", path);
      seen.add(corr);
      if (key.source === "brought") check.untrusted(by, path);
      const at = check.marked.get(JSON.stringify([by, corr])) ?? (await check.stated(corr));
      if (at === undefined) check.add("ack-unlogged", path, { message: corr });
      else if (replaced(key) && (at > replaced(key) * 1000 || iat > replaced(key))) {
        check.replaced(path, key);
      }
    }
  }
}

async function promise(check, line) {
  const { by, corr, jws, payload } = f.readPromise(line);
  const find = (kid) => {
    if (kid.split("#")[0] !== by) throw new Wrong("a promise that another has signed");
    const key = check.keys.find(by, kid);
    if (kid !== `${by}#${key.thumbprint}`) throw new Wrong("its key is named otherwise");
    return key;
  };
  const { key, iat } = await openJws(jws, "voile-ack+jws", find, { payload, limit: 1536 });
  if (iat === null) throw new Wrong("a promise that is not dated");
  return { by, corr, key, iat };
}

// Each opened detail against its commitment, and that none is left out.
export async function openings(check) {
  const where = "opened/entries.jsonl";
  const said = check.manifest.opened;
  for (const path of check.paths("opened/total-")) check.unchecked("not-checkable", path);
  const data = check.files.get(where);
  if (data === undefined) {
    if (said !== "none") check.add("opening", where, { form: true });
    return;
  }
  if (said === "none") {
    check.add("opening", where, { form: true });
    return;
  }
  const { lines, rest } = b.linesOf(data);
  if (rest.length > 0) check.add("opening", where, { form: true });
  const seen = new Set();
  for (const [number, line] of lines.entries()) {
    try {
      await opening(check, line, seen);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      check.add("opening", where, { line: number });
    }
  }
  leftOut(check, where, seen);
}

async function opening(check, line, seen) {
  const { id, salt, detail } = f.readOpening(line);
  const leaf = check.byId.has(id) ? check.leaves[check.byId.get(id)] : null;
  if (leaf === null || !leaf.has("commit")) throw new Wrong("it opens no leaf with a commitment");
  if (seen.has(id)) throw new Wrong("it opens a leaf a second time");
  seen.add(id);
  const key = b.unb64(salt, { url: true });
  if (key.length !== 32 || (await b.hmac(key, b.bytesOf(jcs(detail)))) !== leaf.get("commit")) {
    throw new Wrong("it is not the detail that was committed to");
  }
  const jws = isObject(detail) ? detail.get("jws") : null;
  if (isText(jws) && leaf.has("sig") && !leaf.get("sig").includes(await b.digestOf(b.bytesOf(jws)))) {
    throw new Wrong("its leaf names another signature than the detail holds");
  }
}

function leftOut(check, where, seen) {
  const present = new Set([...seen, ...erased(check)]);
  const chosen = new Set([...seen].map((id) => check.leaves[check.byId.get(id)].get("process")));
  check.leaves.forEach((leaf, index) => {
    if (leaf === null || !leaf.has("commit") || present.has(leaf.get("id"))) return;
    const msg = leaf.get("msg") ?? new Map(); // contributions are opened with their session only
    const given = msg.get("type") === "CohortContribution" && msg.get("direction") === "out";
    const ofChosen = leaf.has("process") && chosen.has(leaf.get("process"));
    if ((check.manifest.opened === "all" && !given) || (check.manifest.opened === "sessions" && ofChosen)) {
      check.add("opening", where, { leaf: index });
    }
  });
}

// Ids of leaves whose detail a later leaf says was destroyed.
function erased(check) {
  const found = [];
  check.leaves.forEach((leaf, index) => {
    if (leaf?.get("kind") !== "ERASED") return;
    const named = f.queryOf(leaf).get("entries");
    const texts = Array.isArray(named) ? named.filter(isText) : [];
    found.push(...texts.filter((id) => (check.byId.get(id) ?? index) < index));
  });
  return found;
}

// What leaves name and the bundle does not hold.
export async function notHeld(check) {
  const held = new Set(check.paths("signed/").map((path) => `sha-256:${path.slice(7, -4)}`));
  for (const [path, data] of check.files) {
    const stage = path.startsWith("agreements/") && path.endsWith(".jws");
    const head = path.startsWith("peers/") && path.endsWith(".checkpoint");
    if (stage || head) held.add(await b.digestOf(data));
  }
  const kinds = ["AGREEMENT", "PEER_CHECKPOINT"];
  if (check.manifest.opened === "all") kinds.push("ANSWER", "COHORT");
  check.leaves.forEach((leaf, index) => {
    if (leaf === null || !kinds.includes(leaf.get("kind"))) return;
    const told = leaf.get("kind") === "COHORT" ? f.queryOf(leaf).get("table") : null;
    // somebody's marks, which their owner opens from its own log
    if (["marks", "changes"].includes(told) && leaf.get("role") === "aggregator") return;
    if (f.signaturesOf(leaf).some((digest) => !held.has(digest))) {
      check.add("not-held", "log/entries.jsonl", { leaf: index });
    }
  });
}
