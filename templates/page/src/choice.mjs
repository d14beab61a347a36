// What the reader chose, as [{path, file}]: by a button, or dropped on the page.

export const ofInput = (input) =>
  Array.from(input.files, (file) => ({ path: file.webkitRelativePath || file.name, file }));

// Files and whole folders where the browser tells them apart; otherwise files.
export async function ofDrop(transfer) {
  const items = Array.from(transfer.items || []);
  const dropped = items.map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
  if (!dropped.length) return Array.from(transfer.files, (file) => ({ path: file.name, file }));
  const lists = await Promise.all(dropped.map((entry) => below(entry, entry.name)));
  return lists.flat();
}

async function below(entry, path) {
  if (entry.isFile) return [{ path, file: await new Promise((done, fail) => entry.file(done, fail)) }];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return found;
    for (const one of some) found.push(...(await below(one, `${path}/${one.name}`)));
  }
}
