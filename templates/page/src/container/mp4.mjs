// ISO BMFF (mp4, m4a, m4b): top-level boxes; a seal is the last one, of type `free`.

import { big, equal, indexOf, latin, text, unlatin } from "../bytes.mjs";

const HEADER = 8;
const LARGE_HEADER = 16;
const MAX_ELEMENTS = 100_000;

export const matches = (head) => equal(head.subarray(4, 8), text("ftyp"));

export async function walk(readAt, size) {
  const slots = [];
  let at = 0;
  for (let count = 0; count < MAX_ELEMENTS && at < size; count += 1) {
    const { type, length: stated, head } = await box(readAt, at);
    if (!type) break;
    const length = stated || size - at; // 0 means "to the end of the file"
    if (type === "free" || type === "skip") {
      slots.push({ start: at + head, length: length - head, suffix: 0 });
    }
    at += length;
  }
  return { slots, end: at };
}

// A `free` box that ends exactly at the end of the file.
export async function atTail(readAt, size, limit) {
  const start = Math.max(0, size - limit - HEADER);
  const tail = await readAt(start, size - start);
  for (
    let at = indexOf(tail, latin("free"), 4);
    at !== -1;
    at = indexOf(tail, latin("free"), at + 1)
  ) {
    const length = tail.length - at - 4;
    if (big(tail.subarray(at - 4, at)) === length + HEADER) {
      return { start: size - length, length, suffix: 0 };
    }
  }
  return null;
}

async function box(readAt, at) {
  const data = await readAt(at, LARGE_HEADER);
  let length = big(data.subarray(0, 4));
  let head = HEADER;
  if (length === 1 && data.length === LARGE_HEADER) {
    length = big(data.subarray(8));
    head = LARGE_HEADER;
  }
  const type = data.subarray(4, 8);
  const isType = type.every((byte) => (byte >= 0x20 && byte <= 0x7e) || byte === 0xa9);
  if (data.length < HEADER || (length && length < head) || !isType) {
    return { type: "", length: 0, head: 0 };
  }
  return { type: unlatin(type), length, head };
}
