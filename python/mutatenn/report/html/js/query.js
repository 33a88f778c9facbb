// Which mutants pass the filters: each filter marks words, and rows are looked at once.
const maskOf = (words, passes) => Uint8Array.from(words, (word, at) => (passes(word, at) ? 1 : 0));

function verdictPasses(wanted) {
  // A verdict's name, or one with the kind of the kill, as people read it.
  return ([name, text]) => name === wanted || text === wanted;
}

function devicesOf(store, wanted) {
  const found = store.devices.filter((device) => device.name === wanted);
  if (found.length) return found;
  return wanted === "any" ? store.devices : store.devices.slice(0, 1);
}

// Conditions on one row; each is true for rows that pass.
function conditions(store, query) {
  const found = [];
  for (const key of ["operator", "function"]) {
    if (!query[key]) continue;
    const { rows, words } = store[key];
    const mask = maskOf(words, (word) => word === query[key]);
    found.push((row) => mask[rows[row]]);
  }
  if (query.layer) {
    const wanted = query.layer === NO_LAYER ? -1 : store.layers.names.indexOf(query.layer);
    const mask = maskOf(store.layers.sets, (set) => (wanted < 0 && query.layer === NO_LAYER
      ? set.length === 0 : set.includes(wanted)));
    found.push((row) => mask[store.layers.rows[row]]);
  }
  const onDevice = [];
  if (query.verdict) onDevice.push(["verdict", verdictPasses(query.verdict)]);
  if (query.far) onDevice.push(["far", (word) => word === query.far]);
  if (onDevice.length) {
    const masks = devicesOf(store, query.device).map((device) =>
      onDevice.map(([key, passes]) => [device[key].rows, maskOf(device[key].words, passes)]));
    found.push((row) => masks.some((own) => own.every(([rows, mask]) => mask[rows[row]])));
  }
  // What a score counts, as the cells of heat maps do.
  if (query.counted) {
    found.push((row) => !store.preserving[row] && devicesOf(store, query.device).some(
      (device) => COUNTED.has(device.verdict.of(row)[0])));
  }
  if (query.agreement && store.agreement) {
    const mask = maskOf(store.agreement.words, (word) => word === query.agreement);
    found.push((row) => mask[store.agreement.rows[row]]);
  }
  return found.concat(termConditions(store, query));
}

// Every word of the text must be in some column, of whichever device.
function termConditions(store, query) {
  const terms = (query.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const columns = [store.operator, store.function, store.change, store.layers, store.stage];
  for (const device of store.devices) {
    columns.push(device.reason, device.marks,
      { rows: device.verdict.rows, words: device.verdict.words.map(([, text]) => text) });
  }
  return terms.map((term) => {
    const masks = columns.map(({ rows, words }) => [
      rows, maskOf(words, (word) => word.toLowerCase().includes(term))]);
    const telling = masks.filter(([, mask]) => mask.includes(1));
    // An id may be given whole or without the operator.
    return (row) => telling.some(([rows, mask]) => mask[rows[row]]) ||
      store.shorts[row].includes(term) || (term.includes("-") && store.idOf(row).includes(term));
  });
}

function passing(store, query) {
  const tests = conditions(store, query);
  const found = new Uint32Array(store.count);
  let size = 0;
  for (let row = 0; row < store.count; row++) {
    if (tests.every((test) => test(row))) found[size++] = row;
  }
  return found.subarray(0, size);
}
