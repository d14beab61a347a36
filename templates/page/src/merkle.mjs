// The SHA-256 tree of BEP 52 over blocks of 16 KiB; missing leaves are 32 zero bytes.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat } from "./bytes.mjs";

export const BLOCK = 16 * 1024;

const padding = [new Uint8Array(32)];

export const root = (leaves) => reduce(leaves, powerOfTwo(leaves.length), 0);

// One node for every `blocks` leaves (a power of two); the last is padded to full width.
export function layer(leaves, blocks) {
  const nodes = [];
  for (let at = 0; at < leaves.length; at += blocks) {
    nodes.push(reduce(leaves.slice(at, at + blocks), blocks, 0));
  }
  return nodes;
}

export const rootOfLayer = (nodes, blocks) =>
  reduce(nodes, powerOfTwo(nodes.length), Math.log2(blocks));

function reduce(nodes, width, height) {
  if (!nodes.length) return padding[0];
  let level = nodes;
  for (; width > 1; width /= 2, height += 1) {
    const above = [];
    for (let at = 0; at < level.length; at += 2) {
      above.push(sha256(concat(level[at], level[at + 1] || emptyNode(height))));
    }
    level = above;
  }
  return level[0];
}

// The node over nothing but missing leaves.
function emptyNode(height) {
  while (padding.length <= height) {
    const below = padding[padding.length - 1];
    padding.push(sha256(concat(below, below)));
  }
  return padding[height];
}

function powerOfTwo(count) {
  let width = 1;
  while (width < count) width *= 2;
  return width;
}
