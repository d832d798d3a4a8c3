// Public keys, and what they signed: compact JWS and verifier keys of signed notes.

import * as b from "./bytes.js";
import { checkKey, isPlain } from "./ed25519.js";
import { hasOnly, isInteger, isObject, isText, jcs, readJson } from "./json.js";

const { Unsupported, Wrong } = b;
const SUITES = {
  EdDSA: { key: { name: "Ed25519" }, how: { name: "Ed25519" }, raw: (raw) => raw },
  ES256: {
    key: { name: "ECDSA", namedCurve: "P-256" },
    how: { name: "ECDSA", hash: "SHA-256" },
    raw: (raw) => b.joined(Uint8Array.of(4), raw),
  },
};
const imported = new Map(); // by algorithm and raw key
const judged = new Map(); // by everything that a signature is about

// A key: {alg, raw, thumbprint, source, until, aged}. `source` is where trust in it comes from:
// pinned, registered or brought; `until` the second after which it counts for nothing, 0: it counts;
// `aged` says that this is only how old the register is.
export const convicts = (key) => key.source !== "brought" && !key.until;
export const replaced = (key) => (key.aged ? 0 : key.until);

async function held(key, signature, message) {
  const suite = SUITES[key.alg];
  const name = `${key.alg} ${b.hex(key.raw)}`;
  if (!imported.has(name)) {
    const made = crypto.subtle.importKey("raw", suite.raw(key.raw), suite.key, false, ["verify"]);
    imported.set(name, made.catch(() => null));
  }
  const made = await imported.get(name);
  if (made === null) throw new Unsupported(`this browser does not check ${key.alg}`);
  return crypto.subtle.verify(suite.how, made, signature, message);
}

export async function verifySignature(key, signature, message) {
  if (signature.length !== 64) throw new Wrong("a signature of another length");
  if (key.alg === "EdDSA" && !isPlain(signature)) throw new Wrong("a signature beyond its bounds");
  const about = [key.alg, b.hex(key.raw), b.hex(signature), b.hex(await b.sha256(message))].join(" ");
  if (!judged.has(about)) judged.set(about, await held(key, signature, message));
  if (!judged.get(about)) throw new Wrong("the signature does not hold");
}

async function made(alg, raw, required) {
  const thumbprint = b.b64url(await b.sha256(b.bytesOf(jcs(new Map(Object.entries(required))))));
  return { alg, raw, thumbprint, source: "brought", until: 0, aged: false };
}

export function ed25519Key(raw) {
  checkKey(raw);
  return made("EdDSA", raw, { crv: "Ed25519", kty: "OKP", x: b.b64url(raw) });
}

// A JWK of Ed25519 or P-256.
export async function keyOf(jwk) {
  const kinds = { "OKP Ed25519": ["EdDSA", ["x"]], "EC P-256": ["ES256", ["x", "y"]] };
  const texts = isObject(jwk) && isText(jwk.get("kty")) && isText(jwk.get("crv"));
  const kind = texts ? `${jwk.get("kty")} ${jwk.get("crv")}` : "";
  if (!Object.hasOwn(kinds, kind) || jwk.has("d")) throw new Wrong("no public JWK that we know");
  const [alg, names] = kinds[kind];
  const fits = (name, expected) => !jwk.has(name) || jwk.get(name) === expected;
  if (!fits("alg", alg) || !fits("use", "sig")) throw new Wrong("a key that is for something else");
  const parts = names.map((name) => jwk.get(name));
  if (!parts.every(isText)) throw new Wrong("a key without its coordinates");
  const raw = parts.map((text) => b.unb64(text, { url: true }));
  if (raw.some((part) => part.length !== 32)) throw new Wrong("coordinates of another length");
  if (alg === "EdDSA") return ed25519Key(raw[0]);
  const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
  const curve = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
  const [x, y] = raw.map((part) => BigInt(`0x${b.hex(part)}`));
  if (x >= p || y >= p || (y * y - x ** 3n + 3n * x - curve) % p !== 0n) {
    throw new Wrong("no point of P-256");
  }
  return made(alg, b.joined(...raw), { crv: "P-256", kty: "EC", x: parts[0], y: parts[1] });
}

// The protected header; nothing is verified yet.
export function jwsHeader(text) {
  const first = text.split(".", 1)[0];
  if (first.length > 2048) throw new Wrong("a header that is too long");
  const header = readJson(b.unb64(first, { url: true }), { limit: 2048, depth: 4 });
  if (!isObject(header)) throw new Wrong("a header that is no object");
  return header;
}

// Verify a compact JWS, detached if a payload is given; give payload, key and `iat` or null.
export async function openJws(text, typ, find, { payload = null, limit = 65536 } = {}) {
  const parts = text.split(".");
  if (text.length > limit || parts.length !== 3) throw new Wrong("not three parts, or too long");
  const header = jwsHeader(text);
  const allowed = ["alg", "kid", "typ", "iat", ...(payload === null ? [] : ["b64", "crit"])];
  if (!hasOnly(header, allowed)) throw new Wrong("a header that is not understood");
  if (!["alg", "kid", "typ"].every((name) => isText(header.get(name)))) {
    throw new Wrong("a header without alg, kid or typ");
  }
  const iat = header.has("iat") ? header.get("iat") : null;
  if (header.has("iat") && (!isInteger(iat) || iat < 0)) throw new Wrong("no number of seconds");
  if (payload !== null) {
    const crit = header.get("crit");
    const named = Array.isArray(crit) && crit.length === 1 && crit[0] === "b64";
    if (header.get("b64") !== false || !named) throw new Wrong("detached without b64 and crit");
  }
  if (header.get("typ") !== typ) throw new Wrong("a signature of another type");
  const body = b.unb64(parts[1], { url: true });
  const signature = b.unb64(parts[2], { url: true });
  if (payload !== null && body.length > 0) throw new Wrong("a detached signature with a payload");
  const key = await find(header.get("kid"));
  if (key.alg !== header.get("alg")) throw new Wrong("the key is for another algorithm");
  const middle = payload === null ? b.bytesOf(parts[1]) : payload;
  await verifySignature(key, signature, b.joined(b.bytesOf(`${parts[0]}.`), middle));
  return { body: payload === null ? body : payload, key, iat };
}

const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
export const isName = (name) => name !== "" && !name.includes("+") && !SPACE.test(name);

// A verifier key `name+id+key` of C2SP signed-note: name, key id in hexadecimal, key.
export async function vkey(text) {
  const [name, shown, ...rest] = text.split("+");
  const raw = b.unb64(rest.join("+"), { url: false });
  if (!isName(name) || raw[0] !== 1) throw new Wrong("no verifier key of Ed25519");
  const id = b.hex((await b.sha256(b.joined(b.bytesOf(`${name}\n`), raw))).subarray(0, 4));
  if (shown !== id) throw new Wrong("a verifier key whose id is another's");
  return { name, id, key: await ed25519Key(raw.slice(1)) };
}
