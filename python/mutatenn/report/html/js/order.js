// Sorting rows by a column: its words are ranked once, rows are counted into place.
const collator = new Intl.Collator("en", { numeric: true });

function rankedWords(words, text) {
  const order = words.map((_, at) => at).sort((a, b) => collator.compare(text(words[a]), text(words[b])));
  const ranks = new Uint32Array(words.length);
  order.forEach((at, rank) => { ranks[at] = rank; });
  return ranks;
}

// Verdicts stand in the order of reports, not of the alphabet.
function verdictRanks(words) {
  const order = words.map((_, at) => at).sort((a, b) =>
    VERDICTS.indexOf(words[a][0]) - VERDICTS.indexOf(words[b][0]) ||
    collator.compare(words[a][1], words[b][1]));
  const ranks = new Uint32Array(words.length);
  order.forEach((at, rank) => { ranks[at] = rank; });
  return ranks;
}

function ranker() {
  const known = new Map();
  return (key, column) => {
    if (!known.has(key)) known.set(key, column.verdicts ? verdictRanks(column.words) : rankedWords(column.words, String));
    return known.get(key);
  };
}

function sorted(rows, keyOf, size, descending) {
  const starts = new Uint32Array(size + 1);
  const place = (row) => (descending ? size - 1 - keyOf(row) : keyOf(row));
  for (const row of rows) starts[place(row) + 1]++;
  for (let at = 0; at < size; at++) starts[at + 1] += starts[at];
  const found = new Uint32Array(rows.length);
  for (const row of rows) found[starts[place(row)]++] = row;
  return found;
}
