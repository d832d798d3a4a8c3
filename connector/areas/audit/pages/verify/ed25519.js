// Which points may be a key, and which signatures are put to WebCrypto at all. Browsers differ: some
// take keys of small order, under which one signature fits every message, or points in a second
// spelling. What passes here, every implementation of RFC 8032 judges alike: key and R stand in
// their one encoding and have no part of small order, and S < L.

import { hex, Wrong } from "./bytes.js";

const P = 2n ** 255n - 19n;
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const NEUTRAL = [0n, 1n, 1n, 0n]; // X, Y, Z, T with x = X/Z, y = Y/Z, XY = ZT

const mod = (value) => ((value % P) + P) % P;

function power(base, exponent) {
  let [result, square] = [1n, mod(base)];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
const ROOT_OF_MINUS_1 = power(2n, (P - 1n) / 4n);

function add(one, two) {
  const a = ((one[1] - one[0]) * (two[1] - two[0])) % P;
  const b = ((one[1] + one[0]) * (two[1] + two[0])) % P;
  const c = (2n * D * one[3] * two[3]) % P;
  const d = (2n * one[2] * two[2]) % P;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
}

function twice([x, y, z]) {
  const [a, b] = [x * x, y * y];
  const [e, g] = [2n * x * y, b - a];
  const [f, h] = [g - 2n * z * z, -a - b];
  const [em, fm, gm, hm] = [e % P, f % P, g % P, h % P];
  return [(em * fm) % P, (gm * hm) % P, (fm * gm) % P, (em * hm) % P];
}

function times(scalar, point) {
  let total = NEUTRAL;
  for (const bit of scalar.toString(2)) {
    total = twice(total);
    if (bit === "1") total = add(total, point);
  }
  return total;
}

const isNeutral = ([x, y, z]) => mod(x) === 0n && mod(y - z) === 0n;

export const littleEndian = (raw) => BigInt(`0x${hex(raw.slice().reverse()) || "0"}`);

// A point by its only encoding.
function decoded(raw) {
  const number = littleEndian(raw);
  const [sign, y] = [number >> 255n, number & (2n ** 255n - 1n)];
  if (raw.length !== 32 || y >= P) throw new Wrong("not 32 bytes in their one encoding");
  const [u, v] = [mod(y * y - 1n), mod(D * y * y + 1n)];
  const square = (u * power(v, P - 2n)) % P;
  let x = power(square, (P + 3n) / 8n);
  if ((x * x) % P !== square) x = (x * ROOT_OF_MINUS_1) % P;
  if ((x * x) % P !== square || (x === 0n && sign === 1n)) throw new Wrong("no point of the curve");
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, (x * y) % P];
}

const gated = new Map();

// Refuse a key that no honest key generation can have made; each is looked at once.
export function checkKey(raw) {
  const name = hex(raw);
  if (!gated.has(name)) {
    let refusal = null;
    try {
      const point = decoded(raw);
      if (isNeutral(times(8n, point))) refusal = "of small order";
      else if (!isNeutral(times(L, point))) refusal = "with a part of small order";
    } catch (error) {
      refusal = error.message;
    }
    gated.set(name, refusal);
  }
  const refusal = gated.get(name);
  if (refusal !== null) throw new Wrong(`a key that is ${refusal}`);
}

// Whether a signature is one that implementations cannot judge differently.
export function isPlain(signature) {
  if (signature.length !== 64 || littleEndian(signature.subarray(32)) >= L) return false;
  try {
    return isNeutral(times(L, decoded(signature.subarray(0, 32))));
  } catch {
    return false;
  }
}
