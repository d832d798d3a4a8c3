// What was agreed and said: stages of agreements, signed statements, answers within what is granted.

import * as b from "./bytes.js";
import { counted, granted } from "./counting.js";
import * as f from "./forms.js";
import { equal, isObject, jcs, readJson, shown } from "./json.js";
import { convicts, jwsHeader, openJws, replaced } from "./keys.js";

const { Unknown, Unsupported, Wrong } = b;
const LATE_MS = 60_000;
const STAGE_NAMES = Object.keys(f.STAGES);

export async function agreements(check) {
  for (const [folder, files] of check.folders("agreements")) await agreement(check, folder, files);
}

// One agreement: its form, the chain of its signatures, and its leaves.
async function agreement(check, folder, files) {
  const before = check.grave;
  const known = ["agreement.json", ...STAGE_NAMES.map((stage) => `${stage}.jws`)];
  for (const name of files.keys()) {
    if (!known.includes(name)) check.add("file-extra", `${folder}/${name}`, { form: true });
  }
  let value = null;
  try {
    value = f.readAgreement(files.get("agreement.json") ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    check.add("agreement-malformed", `${folder}/agreement.json`);
  }
  const body = value?.get("agreement");
  let [signed, checked] = [new Map(), true];
  if (value !== null) {
    const name = await f.folderOf(`${body.get("@id")} ${value.get("providerPid")}`);
    if (folder.split("/").at(-1) !== name) check.add("agreement-place", folder);
    const sides = [body.get("assigner"), body.get("assignee")];
    if (!sides.includes(check.manifest.did)) check.add("agreement-foreign", folder);
    try {
      signed = await stages(check, folder, files, value);
    } catch (error) {
      checked = !(error instanceof Unknown || error instanceof Unsupported);
      if (error instanceof Unknown) check.unchecked("key-missing", folder);
      else if (error instanceof Unsupported) check.unchecked("not-checkable", folder);
      else if (error instanceof Wrong) check.add("agreement-signature", folder);
      else throw error;
    }
  }
  const sound = check.grave === before;
  for (const [name, data] of files) {
    if (!name.endsWith(".jws")) continue;
    const told = check.named.get(await b.digestOf(data))?.has("AGREEMENT");
    if (!told) check.add("stage-unlogged", `${folder}/${name}`);
  }
  if (value === null) return;
  const id = body.get("@id");
  const mutual = signed.size === STAGE_NAMES.length;
  const partly = signed.size > 0 ? "own" : "none";
  check.signatures.push({ agreement: id, signatures: !checked ? "unchecked" : mutual ? "mutual" : partly });
  if (sound) {
    const count = checked && signed.size > 0 ? signed.size : files.size - 1;
    check.contracts.set(JSON.stringify([id, shown(body.get("assigner"))]), { body, stages: count });
  }
  const other = body.get(body.get("assigner") === check.manifest.did ? "assignee" : "assigner");
  const states = check.reached.get(JSON.stringify([id, shown(other)]));
  const final = states?.get("FINALIZED");
  if (states === undefined) check.add("agreement-unlogged", folder);
  else if (final !== undefined && checked && !mutual && final <= check.newest - LATE_MS) {
    check.add("agreement-one-sided", folder);
  }
}

// Verify the chain of stages; give who signed which.
async function stages(check, folder, files, value) {
  const signed = new Map();
  const weak = new Set();
  const late = [];
  let prev = null;
  for (const [stage, role] of Object.entries(f.STAGES)) {
    const data = files.get(`${stage}.jws`);
    const digest = data === undefined ? null : await b.digestOf(data);
    if (data !== undefined) {
      const signer = value.get("agreement").get(role);
      const find = (kid) => {
        if (kid.split("#")[0] !== signer) throw new Wrong("signed by another than its party");
        return check.keys.find(signer, kid);
      };
      const whole = new Map([...value, ["stage", stage], ["prev", prev]]);
      const payload = b.bytesOf(jcs(whole));
      const how = { payload, limit: 4096 };
      const { key, iat } = await openJws(b.latin1(data), "voile-agreement+jws", find, how);
      if (iat === null || iat > check.now + f.AHEAD_S) throw new Wrong("not dated, or of the future");
      signed.set(stage, signer);
      if (key.source === "brought") weak.add(signer);
      const until = replaced(key);
      if (until && (iat > until || !check.before(digest, until))) {
        late.push([`${folder}/${stage}.jws`, key]);
      }
    }
    prev = digest;
  }
  for (const did of [...weak].sort()) check.untrusted(did, folder);
  for (const [where, key] of late) check.replaced(where, key);
  return signed;
}

export async function statements(check) {
  for (const path of check.paths("signed/")) await statement(check, path, check.files.get(path));
}

// One signed statement: its name, type, signature and leaf.
async function statement(check, path, data) {
  const digest = await b.digestOf(data);
  if (!check.named.has(digest)) check.add("statement-unlogged", path);
  if (path !== `signed/${digest.slice(8)}.jws`) return check.add("statement-place", path);
  let signer = "";
  const find = (kid) => {
    signer = kid.split("#")[0];
    return check.keys.find(signer, kid);
  };
  let typ = "";
  const open = async () => {
    const text = b.ascii(data);
    typ = shown(jwsHeader(text).get("typ"));
    if (!typ.startsWith("voile-")) typ = "voile-"; // one of ours, which it is not
    return openJws(text, typ, find, { limit: 16 * b.MIB });
  };
  const opened = await check.tried(open, "statement-signature", path);
  if (opened === null) return;
  let { key } = opened;
  if (key.source === "brought") check.untrusted(signer, path);
  let payload;
  try {
    payload = readJson(opened.body, { limit: 16 * b.MIB });
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return; // nobody's statement about anything that we know
  }
  if (!isObject(payload)) return;
  if (replaced(key) && !check.before(digest, replaced(key))) check.replaced(path, key);
  const mine = signer === check.manifest.did && check.own.length > 0 && check.own.every(convicts);
  if (mine && check.before(digest, key.until)) key = { ...key, until: 0, aged: false };
  check.said.push({ path, typ, key, signer, payload });
}

// Two statements of one signer about one thing.
export function contradictions(check) {
  const first = new Map();
  const trusted = check.said.filter((one) => convicts(one.key));
  const others = check.said.filter((one) => !convicts(one.key));
  for (const one of [...trusted, ...others]) {
    const about = aboutOf(one);
    if (about === null) continue;
    const name = JSON.stringify(about);
    const other = first.get(name) ?? one;
    first.set(name, other);
    if (other.path !== one.path) {
      check.accuse("contradiction", one.path, { see: other.path }, [one.key, other.key]);
    }
  }
}

function aboutOf({ typ, signer, payload }) {
  if (typ === "voile-answer+jws") {
    return [typ, signer, shown(payload.get("agreementId")), shown(payload.get("questionId"))];
  }
  if (typ.startsWith("voile-cohort-") && payload.has("transcript")) {
    // a session is released or it has ended, never both
    const ends = ["voile-cohort-released+jws", "voile-cohort-ended+jws"].includes(typ);
    return [ends ? "outcome" : typ, signer, shown(payload.get("transcript")), ""];
  }
  if (typ === "voile-cohort-table+jws" && payload.has("cohort")) {
    return [typ, signer, shown(payload.get("cohort")), ""];
  }
  return null;
}

// Each answer stands under a mutually signed agreement, within its count.
export function answers(check) {
  const given = new Map();
  for (const one of check.said) {
    if (one.typ !== "voile-answer+jws") continue;
    const name = JSON.stringify([shown(one.payload.get("agreementId")), one.signer]);
    const { body, stages: count } = check.contracts.get(name) ?? { body: new Map(), stages: 0 };
    if (count !== STAGE_NAMES.length) {
      check.add("answer-without-agreement", one.path);
      continue;
    }
    const provider = one.payload.get("provider") === shown(body.get("assigner"));
    const consumer = one.payload.get("consumer") === shown(body.get("assignee"));
    if (!provider || !consumer) check.add("answer-parties", one.path);
    const before = given.get(name) ?? { count: 0, most: granted(body) };
    if (before.count === before.most) check.add("answer-count", one.path);
    given.set(name, { ...before, count: before.count + 1 });
  }
}

// What leaves count of answers and totals is what was signed, if that is here.
export function counts(check) {
  const said = new Map(check.said.map((one) => [`sha-256:${one.path.slice(7, -4)}`, one]));
  check.leaves.forEach((leaf, index) => {
    const query = f.queryOf(leaf);
    for (const digest of f.signaturesOf(leaf)) {
      let one = said.get(digest);
      if (one?.typ === "voile-cohort-contribution+jws") one = said.get(shown(one.payload.get("cleared")));
      const told = one === undefined ? [] : [...counted(one.typ, one.payload, query)];
      if (told.some(([name, value]) => !equal(query.get(name), value))) {
        check.add("counted-otherwise", "log/entries.jsonl", { leaf: index });
      }
    }
  });
}
