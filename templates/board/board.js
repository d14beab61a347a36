// Keeps the page true: the server sends the blocks that changed, already escaped.
"use strict";

const byId = (id) => document.getElementById(id);
const waiting = new Map(); // id -> what it should hold, for blocks that are in somebody's hand

// A block that is pressed, or that somebody opened to read, is not taken away under the finger.
const held = (block) => block.querySelector(":active, details[id][open]") !== null;

const put = () => {
  for (const [id, text] of waiting) {
    const block = byId(id);
    if (block === null) {
      waiting.delete(id);
    } else if (!held(block)) {
      const focused = block.contains(document.activeElement) ? document.activeElement : null;
      const place = focused && [...block.querySelectorAll("button, summary, input")].indexOf(focused);
      block.innerHTML = text;
      if (focused) block.querySelectorAll("button, summary, input")[place]?.focus();
      waiting.delete(id);
    }
  }
};

const arrange = (order) => {
  const list = byId("works");
  const wanted = new Set(order);
  for (const item of [...list.children]) if (!wanted.has(item.id)) item.remove();
  order.forEach((id, place) => {
    let item = byId(id);
    if (item === null) {
      item = document.createElement("li");
      item.id = id;
    }
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
  });
};

const { query, page } = document.body.dataset;
const live = new EventSource(`/live?${new URLSearchParams({ q: query, page })}`);
live.onmessage = (message) => {
  const { blocks, works } = JSON.parse(message.data);
  arrange(works);
  for (const [id, text] of Object.entries(blocks)) waiting.set(id, text);
  put();
};
live.onopen = () => (byId("lost").hidden = true);
live.onerror = () => (byId("lost").hidden = false);
setInterval(put, 500);
