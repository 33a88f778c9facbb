// What a mutant changes, original and mutated, one below the other or side by side.
function changedLines(sources, row) {
  const lines = sources.files[sources.file[row]].lines;
  const [first, last] = [sources.startLine[row], sources.endLine[row]];
  const old = lines.slice(first - 1, last);
  // Columns count code points, not the halves of JavaScript's.
  const head = [...old[0]].slice(0, sources.startColumn[row] - 1).join("");
  const tail = [...old[old.length - 1]].slice(sources.endColumn[row] - 1).join("");
  return dedented(old, `${head}${sources.text.of(row)}${tail}`.split("\n"));
}

function dedented(old, fresh) {
  const indents = [...old, ...fresh].filter((line) => line.trim()).map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  const cut = (line) => line.slice(indent);
  return indents.length ? [old.map(cut), fresh.map(cut)] : [old, fresh];
}

// Longest common subsequence of lines: steps of [kind, line], kind being same, del or ins.
function lineSteps(old, fresh) {
  const longest = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      longest[i][j] = old[i] === fresh[j] ? longest[i + 1][j + 1] + 1
        : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  const steps = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      steps.push(["same", old[i]]);
      [i, j] = [i + 1, j + 1];
    } else if (j === fresh.length || (i < old.length && longest[i + 1][j] >= longest[i][j + 1])) steps.push(["del", old[i++]]);
    else steps.push(["ins", fresh[j++]]);
  }
  return steps;
}

// Steps gathered to blocks: lines that stay, or lines that go and those that come for them.
function blocksOf(steps) {
  const blocks = [];
  for (const [kind, line] of steps) {
    const stays = kind === "same";
    if (!blocks.length || blocks[blocks.length - 1].stays !== stays) blocks.push({ stays, same: [], del: [], ins: [] });
    blocks[blocks.length - 1][kind].push(line);
  }
  return blocks;
}

// The part of two lines in which they differ: how much is alike before it and behind it.
function differing(one, other) {
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < most - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail++;
  // Whole words and numbers: 10 becomes 11, not a 0 a 1.
  while (head && /\w/.test(one[head - 1])) head--;
  while (tail && /\w/.test(one[one.length - tail])) tail--;
  return [head, tail];
}

function codeLine(tag, text, partner) {
  if (partner === undefined) return element(tag, {}, text || " ");
  const [head, tail] = differing(text, partner);
  const end = text.length - tail;
  return element(tag, {}, text.slice(0, head), element("b", {}, text.slice(head, end)), text.slice(end));
}

const stayingLine = (text) => element("span", { class: "same" }, text || " ");

function linesOf(block, tag) {
  const [own, others] = tag === "del" ? [block.del, block.ins] : [block.ins, block.del];
  return own.map((text, at) => codeLine(tag, text, others[at]));
}

function inlineChange(blocks) {
  return element("div", { class: "change" }, ...blocks.flatMap((block) =>
    (block.stays ? block.same.map(stayingLine) : [...linesOf(block, "del"), ...linesOf(block, "ins")])));
}

function sideChange(blocks) {
  const cells = blocks.flatMap((block) => {
    if (block.stays) return block.same.flatMap((text) => [stayingLine(text), stayingLine(text)]);
    const [left, right] = [linesOf(block, "del"), linesOf(block, "ins")];
    return Array.from({ length: Math.max(left.length, right.length) }).flatMap((_, at) =>
      [left[at] ?? element("span", { class: "none" }), right[at] ?? element("span", { class: "none" })]);
  });
  return element("div", { class: "change side" }, element("div", { class: "head" }, "original"), element("div", { class: "head" }, "mutated"), ...cells);
}

function changeOf(sources, row, layout) {
  if (sources.known[row] !== 2) return rawDiff(sources.diff.of(row));
  const blocks = blocksOf(lineSteps(...changedLines(sources, row)));
  return layout === "side" ? sideChange(blocks) : inlineChange(blocks);
}

// A difference as the journal has it, where it does not fit the code that is shown.
function rawDiff(text) {
  if (!text) return element("p", { class: "change absent" }, "The journal keeps no difference of it.");
  const kinds = { "-": "del", "+": "ins" };
  const lines = text.split("\n").filter((line) => line && !/^(---|\+\+\+) /.test(line));
  return element("div", { class: "change" }, ...lines.map((line) => {
    const tag = kinds[line[0]];
    return tag ? element(tag, {}, line.slice(1)) : stayingLine(line.replace(/^ /, ""));
  }));
}
