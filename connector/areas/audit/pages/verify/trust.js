// Whose keys are whose: a trust file, what a bundle brings, and the register of a pinned hub.

import { MIB, Unknown, Wrong } from "./bytes.js";
import { hasOnly, isInteger, isObject, isText, readJson } from "./json.js";
import { keyOf, openJws, vkey } from "./keys.js";

const FRESH_S = 86_400; // that old a register is still the hub's word of now
export const NOBODY = { parties: new Map(), hub: null };

// Read a trust file, or what a bundle brings along in its form: parties by their DID, and the hub.
export async function readTrust(data) {
  const value = readJson(data, { limit: 16 * MIB, depth: 8 });
  if (!isObject(value) || !hasOnly(value, ["format", "parties", "hub"])) {
    throw new Wrong("it is no trust file");
  }
  const parties = value.has("parties") ? value.get("parties") : [];
  if (value.get("format") !== "voile-trust/1" || !Array.isArray(parties)) {
    throw new Wrong("it is no trust file of this format");
  }
  const every = value.has("hub") ? [...parties, value.get("hub")] : parties;
  const lists = every.filter(isObject).map((one) => one.get("keys"));
  const count = lists.filter(Array.isArray).reduce((sum, keys) => sum + keys.length, 0);
  if (count > 10_000) throw new Wrong("more than 10000 keys");
  const hub = value.has("hub") ? await readParty(value.get("hub")) : null;
  const found = new Map();
  for (const item of parties) {
    const party = await readParty(item);
    found.set(party.did, party);
  }
  if (hub !== null) found.set(hub.did, hub);
  return { parties: found, hub };
}

async function readParty(item) {
  const names = ["did", "keys", "logs"];
  const formed = isObject(item) && names.every((name) => item.has(name));
  if (!formed || !hasOnly(item, [...names, "ended"])) throw new Wrong("a party is did, keys, logs");
  const [did, keys, logs] = names.map((name) => item.get(name));
  if (!isText(did) || !Array.isArray(keys) || !Array.isArray(logs)) {
    throw new Wrong("a party is did, keys and logs");
  }
  if (logs.length > 16 || !logs.every(isText)) throw new Wrong("a party has at most 16 logs");
  for (const text of logs) await vkey(text);
  const found = [];
  for (const one of keys) {
    const pair = isObject(one) && one.size === 2 && one.has("kid") && one.has("jwk");
    if (!pair || !isText(one.get("kid"))) throw new Wrong("a key is kid and jwk");
    found.push([one.get("kid"), await keyOf(one.get("jwk"))]);
  }
  return { did, keys: found, logs, ended: readEnds(item.has("ended") ? item.get("ended") : new Map()) };
}

function readEnds(value) {
  if (!isObject(value) || ![...value.values()].every((at) => isInteger(at) && at > 0)) {
    throw new Wrong("ends are unix seconds by thumbprint");
  }
  return value;
}

// Verify the hub's register under its pinned key; give when, thumbprints by DID, and ends.
async function registered(register, hub) {
  const find = (kid) => {
    const found = hub.keys.find(([name]) => name === kid);
    if (found === undefined) throw new Wrong("the register is not signed with the hub's key");
    return found[1];
  };
  const { body, key, iat } = await openJws(register, "voile-register+jws", find, { limit: 16 * MIB });
  if (iat === null || iat > (hub.ended.get(key.thumbprint) ?? iat)) {
    throw new Wrong("the register has no date, or is signed with a replaced key");
  }
  const value = readJson(body, { limit: 16 * MIB });
  if (!isObject(value) || value.get("hub") !== hub.did) throw new Wrong("another hub's register");
  const [found, ended] = [new Map(), new Map()];
  const entries = value.get("participants");
  for (const item of Array.isArray(entries) ? entries : []) {
    if (!isObject(item) || !isText(item.get("did"))) throw new Wrong("an entry without DID");
    if (!Array.isArray(item.get("keys"))) throw new Wrong("an entry without keys");
    found.set(item.get("did"), new Set(item.get("keys").filter(isText)));
    ended.set(item.get("did"), readEnds(item.has("ended") ? item.get("ended") : new Map()));
  }
  return { issued: iat, found, ended };
}

// Every key that may be used: pinned, in the register of a pinned hub, or only brought.
export class Keys {
  static async of(trust, brought, register, now) {
    const keys = new Keys();
    keys.pinned = new Map([...trust.parties].filter(([, of]) => of.keys.length || of.logs.length));
    keys.brought = brought === undefined ? new Map() : (await readTrust(brought)).parties;
    const told = register && trust.hub ? await registered(register, trust.hub) : null;
    const issued = told === null ? 0 : told.issued;
    keys.registered = told === null ? new Map() : told.found;
    keys.ends = told === null ? new Map() : told.ended;
    for (const party of trust.parties.values()) {
      const before = keys.ends.get(party.did) ?? new Map();
      keys.ends.set(party.did, new Map([...before, ...party.ended]));
    }
    keys.aged = issued < now - FRESH_S ? issued : 0;
    keys.known = new Map();
    keys.take(keys.pinned, () => "pinned");
    keys.take(keys.brought, (did, key) =>
      keys.registered.get(did)?.has(key.thumbprint) ? "registered" : "brought",
    );
    return keys;
  }

  take(parties, source) {
    for (const { did, keys } of parties.values()) {
      for (const [kid, plain] of keys) {
        const key = this.judge(did, { ...plain, source: source(did, plain) });
        for (const name of [kid, `${did}#${key.thumbprint}`]) {
          const place = JSON.stringify([did, name]);
          const held = this.known.get(place);
          const better = held?.source === "brought" && key.source === "registered";
          if (held === undefined || better) this.known.set(place, key);
        }
      }
    }
  }

  // Say of a party's key until when it counts.
  judge(did, key) {
    const until = this.ends.get(did)?.get(key.thumbprint) ?? 0;
    if (until) return { ...key, until };
    if (key.source === "registered" && this.aged) return { ...key, until: this.aged, aged: true };
    return key;
  }

  knows(did) {
    return this.pinned.has(did) || this.registered.has(did);
  }

  find(did, kid) {
    const key = this.known.get(JSON.stringify([did, kid]));
    if (key === undefined) throw new Unknown("no such key is known");
    return key;
  }

  // The verifier keys of a party's logs, and where trust in them comes from.
  async logs(did) {
    const pinned = this.pinned.get(did)?.logs ?? [];
    if (pinned.length > 0) return { logs: pinned, source: "pinned" };
    const logs = this.brought.get(did)?.logs ?? [];
    const vouched = this.registered.get(did) ?? new Set();
    const certified = [];
    for (const text of logs) {
      if (vouched.has((await vkey(text)).key.thumbprint)) certified.push(text);
    }
    if (certified.length > 0) return { logs: certified, source: "registered" };
    return { logs, source: "brought" };
  }
}
