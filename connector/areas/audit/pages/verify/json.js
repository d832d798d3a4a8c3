// JSON of a stranger, read strictly: no member twice, no number beyond 2^53, no half of a surrogate
// pair, size and depth bounded. Objects are Maps, so that no name means anything; a number with a
// point or an exponent is a `Double`, for the formats tell 1 from 1.0.

import { bytesOf, same, utf8, Wrong } from "./bytes.js";

export class Double {
  constructor(value) {
    this.value = value;
  }
}

const MOST = Number.MAX_SAFE_INTEGER;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const WORDS = { true: true, false: false, null: null };

class Reader {
  constructor(text, depth) {
    this.text = text;
    this.at = 0;
    this.left = depth;
  }

  whole() {
    this.space();
    const value = this.value();
    this.space();
    if (this.at !== this.text.length) throw new Wrong("more than one JSON value");
    return value;
  }

  space() {
    while (" \t\n\r".includes(this.text.charAt(this.at)) && this.at < this.text.length) this.at += 1;
  }

  take(mark) {
    if (this.text.charAt(this.at) !== mark) return false;
    this.at += 1;
    return true;
  }

  need(mark) {
    if (!this.take(mark)) throw new Wrong("not JSON");
  }

  value() {
    const mark = this.text.charAt(this.at);
    if (mark === "{" || mark === "[") {
      this.left -= 1;
      if (this.left < 0) throw new Wrong("JSON nested too deep");
      const value = mark === "{" ? this.object() : this.list();
      this.left += 1;
      return value;
    }
    if (mark === '"') return this.string();
    for (const word of Object.keys(WORDS)) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return WORDS[word];
      }
    }
    return this.number();
  }

  object() {
    const found = new Map();
    this.need("{");
    this.space();
    if (this.take("}")) return found;
    for (;;) {
      this.space();
      const name = this.string();
      this.space();
      this.need(":");
      this.space();
      if (found.has(name)) throw new Wrong("JSON with a member that stands twice");
      found.set(name, this.value());
      this.space();
      if (this.take("}")) return found;
      this.need(",");
    }
  }

  list() {
    const found = [];
    this.need("[");
    this.space();
    if (this.take("]")) return found;
    for (;;) {
      this.space();
      found.push(this.value());
      this.space();
      if (this.take("]")) return found;
      this.need(",");
    }
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) throw new Wrong("not JSON");
    this.at += found[0].length;
    const value = Number(found[0]);
    if (!(Math.abs(value) <= MOST)) throw new Wrong("JSON with a number beyond 2^53");
    if (found[1] !== undefined || found[2] !== undefined) return new Double(value);
    return value === 0 ? 0 : value; // an integer has no negative zero
  }

  string() {
    this.need('"');
    let text = "";
    for (;;) {
      PLAIN.lastIndex = this.at;
      text += PLAIN.exec(this.text)[0];
      this.at = PLAIN.lastIndex;
      if (this.take('"')) break;
      this.need("\\");
      const mark = this.text.charAt(this.at);
      this.at += 1;
      if (mark !== "u") {
        if (!Object.hasOwn(ESCAPES, mark)) throw new Wrong("not JSON");
        text += ESCAPES[mark];
        continue;
      }
      const four = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9A-Fa-f]{4}$/.test(four)) throw new Wrong("not JSON");
      text += String.fromCharCode(Number.parseInt(four, 16));
      this.at += 4;
    }
    if (!text.isWellFormed()) throw new Wrong("JSON with half of a surrogate pair");
    return text;
  }
}

export function readJson(data, { limit = 1 << 20, depth = 64 } = {}) {
  if (data.length > limit) throw new Wrong(`more than ${limit} bytes of JSON`);
  return new Reader(utf8(data), depth).whole();
}

// Canonical JSON (RFC 8785): numbers and strings are written as ECMAScript writes them.
export function jcs(value) {
  if (value instanceof Map) {
    const names = [...value.keys()].sort(); // by UTF-16 units, which is what the RFC asks for
    return `{${names.map((name) => `${JSON.stringify(name)}:${jcs(value.get(name))}`).join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(jcs).join(",")}]`;
  return JSON.stringify(value instanceof Double ? value.value : value);
}

// JSON that stands in its one spelling.
export function canonical(data, limits) {
  const value = readJson(data, limits);
  if (!same(bytesOf(jcs(value)), data)) throw new Wrong("JSON that is not canonical");
  return value;
}

export const isObject = (value) => value instanceof Map;
export const isText = (value) => typeof value === "string";
export const isInteger = (value) => typeof value === "number"; // a Double is none
export const hasExactly = (value, names) =>
  isObject(value) && value.size === names.length && names.every((name) => value.has(name));
export const hasOnly = (value, names) => [...value.keys()].every((name) => names.includes(name));

// A value as a text that tells it from others; what is absent is null's.
export function shown(value) {
  if (isText(value)) return value;
  if (value === undefined || value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value instanceof Double && Number.isInteger(value.value)) return `${value.value}.0`;
  return jcs(value);
}

const asNumber = (value) => {
  if (typeof value === "boolean") return Number(value);
  return value instanceof Double ? value.value : value;
};

// Whether two values are one; numbers by what they are worth.
export function equal(one, two) {
  const [a, b] = [asNumber(one ?? null), asNumber(two ?? null)];
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, at) => equal(value, b[at]));
  }
  if (isObject(a) && isObject(b)) {
    return a.size === b.size && [...a].every(([name, value]) => b.has(name) && equal(value, b.get(name)));
  }
  return a === b;
}
