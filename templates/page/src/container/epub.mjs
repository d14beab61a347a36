// EPUB: a ZIP; the seal is its archive comment.

import { equal, latin, little } from "../bytes.mjs";

const LOCAL = latin("PK\x03\x04");
const CENTRAL = latin("PK\x01\x02");
const END = latin("PK\x05\x06");
const END_SIZE = 22;
const MAX_ENTRIES = 65_536;

export const kind = "epub";
export const armoured = true;
export const matches = (head) =>
  equal(head.subarray(0, 4), LOCAL) &&
  little(head.subarray(8, 10)) === 0 &&
  equal(head.subarray(30, 58), latin("mimetypeapplication/epub+zip"));

export async function walk(readAt, size) {
  let at = await behind(readAt, size, 0, LOCAL, 30, (data) => little(data.subarray(18, 22)) + names(data, 26, 2));
  at = await behind(readAt, size, at, CENTRAL, 46, (data) => names(data, 28, 3));
  const data = await readAt(at, END_SIZE);
  if (data.length < END_SIZE || !equal(data.subarray(0, 4), END)) return { slots: [], end: at };
  const slot = { start: at + END_SIZE, length: little(data.subarray(20, 22)), suffix: 0 };
  return { slots: [slot], end: slot.start + slot.length };
}

// An end record whose comment reaches just to the end of the file.
export function atTail(tail, start, size) {
  for (let at = tail.length - END_SIZE; at >= 0; at -= 1) {
    if (equal(tail.subarray(at, at + 4), END)) {
      const length = little(tail.subarray(at + 20, at + 22));
      if (start + at + END_SIZE + length === size) return { start: start + at + END_SIZE, length, suffix: 0 };
    }
  }
  return null;
}

// The first byte behind a run of records of one kind.
async function behind(readAt, size, start, mark, head, more) {
  let at = start;
  for (let count = 0; count < MAX_ENTRIES && at < size; count += 1) {
    const data = await readAt(at, head);
    if (data.length < head || !equal(data.subarray(0, 4), mark)) break;
    at += head + more(data);
  }
  return at;
}

// Two or three u16 lengths that follow each other: name, extra, comment.
const names = (data, at, count) =>
  Array.from({ length: count }, (_, n) => little(data.subarray(at + 2 * n, at + 2 * n + 2))).reduce(
    (sum, length) => sum + length,
  );
