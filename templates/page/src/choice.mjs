// What the reader chose, as [{path, file}]: by a button, or dropped on the page.

// Emptied, because an input says nothing when the same file is chosen again.
export function taken(input) {
  const found = Array.from(input.files, (file) => ({
    path: file.webkitRelativePath || file.name,
    file,
  }));
  input.value = "";
  return found;
}

// Files, and folders by whichever of two ways the browser has: Chromium refuses to walk entries
// for a page that was opened from the disk, Firefox has no handles. Everything is asked of the
// items at once: they are gone when the event is over.
export async function dropped(transfer) {
  const items = Array.from(transfer.items || []).filter((item) => item.kind === "file");
  if (!items.length) return Array.from(transfer.files, (file) => ({ path: file.name, file }));
  const lists = await Promise.all(
    items.map((item) => {
      const entry = item.webkitGetAsEntry && item.webkitGetAsEntry();
      const file = item.getAsFile();
      if (!entry || !entry.isDirectory) return [{ path: file.name, file }];
      const handle = item.getAsFileSystemHandle && item.getAsFileSystemHandle();
      return handle
        ? handle.then((folder) => belowHandle(folder, folder.name))
        : belowEntry(entry, entry.name);
    }),
  );
  return lists.flat();
}

async function belowHandle(folder, path) {
  const found = [];
  for await (const [name, one] of folder.entries()) {
    const inner = `${path}/${name}`;
    if (one.kind === "directory") found.push(...(await belowHandle(one, inner)));
    else found.push({ path: inner, file: await one.getFile() });
  }
  return found;
}

async function belowEntry(entry, path) {
  if (entry.isFile)
    return [{ path, file: await new Promise((done, fail) => entry.file(done, fail)) }];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return found;
    for (const one of some) found.push(...(await belowEntry(one, `${path}/${one.name}`)));
  }
}
