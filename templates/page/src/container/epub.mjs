// EPUB: a ZIP archive; the seal is its comment. Entries, directory and last record must join
// without a gap; ZIP64 and sizes written behind the data are not followed.

import { equal, indexOf, latin, little, startsWith } from "../bytes.mjs";

const LOCAL = latin("PK\x03\x04");
const CENTRAL = latin("PK\x01\x02");
const END = latin("PK\x05\x06");
const LOCAL_HEAD = 30;
const CENTRAL_HEAD = 46;
const END_HEAD = 22;
const MAX_COMMENT = 0xffff;
const MAX_ENTRIES = 0xfffe;
const UNFOLLOWED = 0x09; // encrypted, or sizes behind the data

export const armoured = true;
export const matches = (head) =>
  startsWith(head, LOCAL) &&
  equal(head.subarray(8, 10), [0, 0]) &&
  equal(head.subarray(26, 58), latin("\x08\0\0\0mimetypeapplication/epub+zip"));

export async function walk(readAt, size) {
  let at = 0;
  for (let count = 0; count < MAX_ENTRIES; count += 1) {
    const length = entryLength(await readAt(at, LOCAL_HEAD));
    if (!length || at > size) break;
    at += length;
  }
  const directory = at;
  let count = 0;
  for (; count <= MAX_ENTRIES; count += 1) {
    const length = recordLength(await readAt(at, CENTRAL_HEAD));
    if (!length) break;
    at += length;
  }
  const last = await readAt(at, END_HEAD);
  if (!isEnd(last, count, directory, at - directory)) return { slots: [], end: at };
  const slot = { start: at + END_HEAD, length: u16(last, 20), suffix: 0 };
  return { slots: [slot], end: slot.start + slot.length };
}

// The comment that reaches exactly to the end.
export async function atTail(readAt, size) {
  const start = Math.max(0, size - MAX_COMMENT - END_HEAD);
  const tail = await readAt(start, size - start);
  let found = null;
  for (let at = indexOf(tail, END); at !== -1; at = indexOf(tail, END, at + 1)) {
    const length = tail.length - at - END_HEAD;
    if (length >= 0 && u16(tail, at + 20) === length)
      found = { start: size - length, length, suffix: 0 };
  }
  return found;
}

// Bytes of an entry, header and data; 0 where none stands that can be followed.
function entryLength(head) {
  if (head.length < LOCAL_HEAD || !startsWith(head, LOCAL)) return 0;
  const packed = u32(head, 18);
  if (u16(head, 6) & UNFOLLOWED || packed === 0xffffffff) return 0;
  return LOCAL_HEAD + packed + u16(head, 26) + u16(head, 28);
}

function recordLength(head) {
  if (head.length < CENTRAL_HEAD || !startsWith(head, CENTRAL)) return 0;
  return CENTRAL_HEAD + u16(head, 28) + u16(head, 30) + u16(head, 32);
}

// Whether the last record counts what was found before it.
function isEnd(record, count, directory, size) {
  if (record.length < END_HEAD || !startsWith(record, END)) return false;
  const numbers = [4, 6, 8, 10].map((at) => u16(record, at));
  const places = [u32(record, 12), u32(record, 16)];
  return equal(numbers, [0, 0, count, count]) && equal(places, [size, directory]);
}

const u16 = (data, at) => little(data.subarray(at, at + 2));
const u32 = (data, at) => little(data.subarray(at, at + 4));
