// Matroska and WebM: one Segment; a seal is its last child, of type Void.

import { big, equal, hex } from "../bytes.mjs";

export const MAGIC = Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3);
const SEGMENT = "18538067";
const VOID = "ec";
const HEADER = 9;
const LONGEST_HEADER = 12;
const MAX_ELEMENTS = 100_000;

export const matches = (head) => equal(head.subarray(0, 4), MAGIC);

export async function walk(readAt, size) {
  const { at: start, length, head } = await segment(readAt);
  if (!head) return { slots: [], end: 0 };
  const end = length === null ? size : start + head + length;
  const slots = [];
  let at = start + head;
  for (let count = 0; at < Math.min(end, size); count += 1) {
    if (count === MAX_ELEMENTS) return { slots, end: at };
    const child = await element(readAt, at);
    if (!child.id || child.length === null) return { slots, end: at };
    if (child.id === VOID) slots.push({ start: at + child.head, length: child.length, suffix: 0 });
    at += child.head + child.length;
  }
  return { slots, end: Math.max(at, end) };
}

// A Void with a size of eight bytes that ends exactly at the end of the file.
export async function atTail(readAt, size, limit) {
  const start = Math.max(0, size - limit - HEADER);
  const tail = await readAt(start, size - start);
  for (let at = tail.indexOf(0xec); at !== -1; at = tail.indexOf(0xec, at + 1)) {
    const length = tail.length - at - HEADER;
    if (length >= 0 && tail[at + 1] === 1 && big(tail.subarray(at + 2, at + HEADER)) === length) {
      return { start: size - length, length, suffix: 0 };
    }
  }
  return null;
}

async function segment(readAt) {
  const none = { at: 0, length: 0, head: 0 };
  const ebml = await element(readAt, 0);
  if (ebml.id !== hex(MAGIC) || ebml.length === null) return none;
  const at = ebml.head + ebml.length;
  const found = await element(readAt, at);
  return found.id === SEGMENT ? { at, length: found.length, head: found.head } : none;
}

// Id, body length (null: unknown) and header length; an empty id where none is.
async function element(readAt, at) {
  const none = { id: "", length: 0, head: 0 };
  const data = await readAt(at, LONGEST_HEADER);
  const width = widthOf(data[0]);
  if (width < 1 || width > 4 || data.length <= width) return none;
  const field = data.subarray(width);
  const sizeWidth = widthOf(field[0]);
  if (sizeWidth < 1 || field.length < sizeWidth) return none;
  const bits = field.slice(0, sizeWidth);
  bits[0] &= 0xff >> sizeWidth;
  const unknown = bits[0] === 0xff >> sizeWidth && bits.subarray(1).every((byte) => byte === 0xff);
  return {
    id: hex(data.subarray(0, width)),
    length: unknown ? null : big(bits),
    head: width + sizeWidth,
  };
}

// How many bytes a variable-length number has, by its first byte; 0 where none can be.
const widthOf = (first) => (first ? Math.clz32(first) - 23 : 0);
