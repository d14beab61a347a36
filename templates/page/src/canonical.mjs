// Canonical JSON: keys sorted, no white space, ASCII, no floating point. One value, one spelling.

import { Forged } from "./errors.mjs";

export function parse(data, limit) {
  if (data.length > limit) throw new Forged("a record over its limit");
  let value;
  let same = false;
  try {
    const given = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    value = JSON.parse(given);
    same = encode(value) === given;
  } catch {
    same = false;
  }
  if (!same) throw new Forged("a record is not canonical JSON");
  return value;
}

export function encode(value) {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return number(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(encode).join(",")}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${quote(key)}:${encode(value[key])}`).join(",")}}`;
}

export const own = (value, key) =>
  Object.prototype.hasOwnProperty.call(value, key) ? value[key] : undefined;

export const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function number(value) {
  if (!Number.isInteger(value) || Object.is(value, -0)) throw new Forged("not a whole number");
  return String(value);
}

function quote(string) {
  return JSON.stringify(string).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
