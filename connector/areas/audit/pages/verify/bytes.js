// Bytes and their spellings; digests by WebCrypto. The third verifier of bundles: it shares no code
// with `voile audit verify` and with verify.py, and must say what they say (docs/evidence.md).

export class Wrong extends Error {} // something is not in its form, or does not hold
export class Unknown extends Wrong {} // nobody gave the key
export class Unsupported extends Wrong {} // it may be right, and this browser cannot say
export class Unreadable extends Error {} // there is no bundle, or no trust file; `code` says why

export const MIB = 1 << 20;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const bytesOf = (text) => encoder.encode(text);

export function utf8(data) {
  try {
    return decoder.decode(data);
  } catch {
    throw new Wrong("not UTF-8");
  }
}

// One character for each byte; TextDecoder's "latin1" is windows-1252.
export function latin1(data) {
  const parts = [];
  for (let at = 0; at < data.length; at += 8192) {
    parts.push(String.fromCharCode(...data.subarray(at, at + 8192)));
  }
  return parts.join("");
}

export function ascii(data) {
  if (data.some((byte) => byte > 0x7f)) throw new Wrong("not ASCII");
  return latin1(data);
}

export const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
export const unhex = (text) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

// Base64 in its one spelling: browsers' decoders skip what is foreign.
export function unb64(text, { url }) {
  if (url && !/^[A-Za-z0-9_-]*$/.test(text)) throw new Wrong("not base64url");
  const plain = url ? text.replaceAll("-", "+").replaceAll("_", "/") : text;
  let binary;
  try {
    binary = atob(plain);
  } catch {
    throw new Wrong("not base64");
  }
  const again = btoa(binary);
  if ((url ? again.replace(/=+$/, "") : again) !== plain) throw new Wrong("not its one spelling");
  const data = new Uint8Array(binary.length);
  for (let at = 0; at < data.length; at += 1) data[at] = binary.charCodeAt(at);
  return data;
}

export const b64url = (data) =>
  btoa(latin1(data)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function same(one, two) {
  return one.length === two.length && one.every((byte, at) => byte === two[at]);
}

// What stands between newlines, and what is left after the last: empty where each line is ended.
export function linesOf(data) {
  const lines = [];
  let start = 0;
  for (let end; (end = data.indexOf(10, start)) !== -1; start = end + 1) {
    lines.push(data.subarray(start, end));
  }
  return { lines, rest: data.subarray(start) };
}

export const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
export const digestOf = async (data) => `sha-256:${hex(await sha256(data))}`; // as leaves name it

export async function hmac(key, data) {
  const how = { name: "HMAC", hash: "SHA-256" };
  const made = await crypto.subtle.importKey("raw", key, how, false, ["sign"]);
  return `hmac-sha-256:${hex(new Uint8Array(await crypto.subtle.sign("HMAC", made, data)))}`;
}
