// The campaign's mutants, a column for each property; a mutant is the number of its row.
function storeOf(data) {
  const raw = data.mutants;
  const operator = worded(raw.operator);
  const shorts = raw.count ? raw.ids.split("\n") : [];
  const idOf = (row) =>
    shorts[row].startsWith("=") ? shorts[row].slice(1) : `${operator.of(row)}-${shorts[row]}`;
  let rows = null;
  const sets = worded(raw.layers);
  const devices = raw.devices.map((one) => ({
    name: one.device,
    verdict: worded(one.verdict),
    far: worded(one.far),
    reason: worded(one.reason),
    marks: worded(one.marks),
    failing: unpacked(one.failing),
  }));
  return {
    count: raw.count,
    operator,
    function: worded(raw.function),
    stage: worded(raw.stage),
    change: worded(raw.change),
    layers: { ...sets, words: sets.words.map((set) => set.map((at) => raw.layerNames[at]).join(", ")),
      sets: sets.words, names: raw.layerNames,
      of: (row) => sets.of(row).map((at) => raw.layerNames[at]).join(", ") },
    preserving: unpacked(raw.preserving),
    agreement: raw.agreement === null ? null : worded(raw.agreement),
    devices,
    // The first device that a mutant belongs to: of stage kernel that may be another than the first.
    mainOf: (row) => devices.find((one) => one.verdict.of(row)[0] !== "not_applicable") ?? devices[0],
    shorts,
    idOf,
    rowOf(id) {
      rows ??= new Map(shorts.map((_, row) => [idOf(row), row]));
      return rows.get(id);
    },
  };
}

function sourcesOf(data) {
  const raw = data.sources;
  return {
    files: raw.files.map((file) => ({ ...file, lines: file.text.replace(/\n$/, "").split("\n") })),
    file: unpacked(raw.file),
    known: unpacked(raw.known),
    text: worded(raw.text),
    diff: worded(raw.diff),
    startLine: unpacked(raw.start_line),
    startColumn: unpacked(raw.start_column),
    endLine: unpacked(raw.end_line),
    endColumn: unpacked(raw.end_column),
  };
}
