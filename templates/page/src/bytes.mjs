// Bytes: join, compare, spell as hex, read as numbers.

export const text = (string) => new TextEncoder().encode(string);

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const equal = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

export const startsWith = (data, head) => equal(data.subarray(0, head.length), head);

export const hex = (data) => Array.from(data, (b) => b.toString(16).padStart(2, "0")).join("");

// `size` bytes from lower-case hex; null where it is spelt otherwise.
export function fromHex(string, size) {
  if (typeof string !== "string" || string.length !== 2 * size || !/^[0-9a-f]*$/.test(string)) {
    return null;
  }
  return Uint8Array.from({ length: size }, (_, at) =>
    parseInt(string.slice(2 * at, 2 * at + 2), 16),
  );
}

// Big-endian. Exact up to 2^53; sizes above that are over every file's end anyway.
export const big = (data) => data.reduce((sum, byte) => sum * 256 + byte, 0);

export const little = (data) => big(Uint8Array.from(data).reverse());

export function bigBytes(value, width) {
  const data = new Uint8Array(width);
  for (let at = width - 1; at >= 0; at -= 1) {
    data[at] = value % 256;
    value = Math.floor(value / 256);
  }
  return data;
}

// The bytes of a string whose characters are all below 256.
export const latin = (string) => Uint8Array.from(string, (c) => c.charCodeAt(0));

export const unlatin = (data) => Array.from(data, (b) => String.fromCharCode(b)).join("");

export function indexOf(data, part, from = 0) {
  for (let at = data.indexOf(part[0], from); at !== -1; at = data.indexOf(part[0], at + 1)) {
    if (at + part.length > data.length) return -1;
    if (part.every((byte, n) => data[at + n] === byte)) return at;
  }
  return -1;
}
