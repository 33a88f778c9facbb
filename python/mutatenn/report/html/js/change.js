// What a mutant changes, original and mutated, one below the other or side by side.
function changedLines(sources, row) {
  const lines = sources.files[sources.file[row]].lines;
  const [first, last] = [sources.startLine[row], sources.endLine[row]];
  const old = lines.slice(first - 1, last);
  // Columns count code points, not the halves of JavaScript's.
  const head = [...old[0]].slice(0, sources.startColumn[row] - 1).join("");
  const tail = [...old[old.length - 1]].slice(sources.endColumn[row] - 1).join("");
  return { old, new: `${head}${sources.text.of(row)}${tail}`.split("\n") };
}

// The part of two lines in which they differ: where it begins and how much follows it.
function differing(one, other) {
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < most - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail++;
  return [head, tail];
}

function codeLine(tag, text, partner) {
  if (partner === undefined) return element(tag, {}, text || " ");
  const [head, tail] = differing(text, partner);
  const end = text.length - tail;
  return element(tag, {}, text.slice(0, head), element("b", {}, text.slice(head, end)), text.slice(end));
}

function changeOf(sources, row, layout) {
  if (sources.known[row] !== 2) return rawDiff(sources.diff.of(row));
  const found = changedLines(sources, row);
  // Lines that stay at the beginning and at the end say nothing.
  const pairs = found.old.length === found.new.length;
  const old = found.old.map((text, at) => codeLine("del", text, pairs ? found.new[at] : undefined));
  const fresh = found.new.map((text, at) => codeLine("ins", text, pairs ? found.old[at] : undefined));
  if (layout !== "side") return element("div", { class: "change" }, ...old, ...fresh);
  return element("div", { class: "change side" },
    element("div", {}, element("h5", {}, "original"), ...old),
    element("div", {}, element("h5", {}, "mutated"), ...fresh));
}

function rawDiff(text) {
  if (!text) return element("p", { class: "change" }, "  The journal keeps no difference of it.");
  const kinds = { "-": "del", "+": "ins" };
  const lines = text.split("\n").filter((line) => line && !/^(---|\+\+\+) /.test(line));
  return element("div", { class: "change" }, ...lines.map((line) => {
    const tag = kinds[line[0]];
    return tag ? element(tag, {}, line.slice(1)) : element("span", { class: "same" }, line.replace(/^ /, ""));
  }));
}
