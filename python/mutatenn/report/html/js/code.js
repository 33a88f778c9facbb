// A kernel's code with its mutants in place.
const AT_ONCE = 20; // Notes of one line that are shown before the reader asks for more.
const FEW = 12; // Survivors that are open from the start.

function codeView(store, sources, go, tableRows) {
  const [options, lines] = [byId("code-options"), byId("lines")];
  const rowsOf = rowsByFile(store, sources);
  const option = (name) => options.elements[name];
  fillSelect(option("file"), null, sources.files.map((file, at) =>
    [file.path, `${placeOf(file)} (${plural(rowsOf[at].length, "mutant")})`]));
  const shows = {
    all: () => true,
    open: (row) => store.devices.some((device) => LIVING.has(device.verdict.of(row)[0])),
    killed: (row) => store.mainOf(row).verdict.of(row)[0] === "killed",
  };
  let entries = [];

  options.addEventListener("input", (event) => go({
    ...(event.target.name === "file" ? { file: event.target.value, mutant: "" } : {}),
    show: option("show").value, layout: option("layout").value }));
  options.addEventListener("submit", (event) => event.preventDefault());
  options.addEventListener("click", (event) => {
    const wanted = event.target.dataset?.open;
    if (wanted) entries.forEach((entry) => entry.toggle(wanted === "all"));
  });

  function draw(query) {
    const chosen = query.mutant ? store.rowOf(query.mutant) : undefined;
    const named = sources.files.findIndex((file) => file.path === query.file || file.name === query.function);
    const at = chosen !== undefined ? sources.file[chosen] : Math.max(0, named);
    const file = sources.files[at];
    option("file").value = file?.path ?? "";
    option("show").value = shows[query.show] ? query.show : "all";
    option("layout").value = query.layout === "side" ? "side" : "inline";
    walk(chosen);
    if (!file) {
      lines.replaceChildren();
      byId("code-count").textContent = "There are no mutants, and no code.";
      return;
    }
    const rows = rowsOf[at].filter((row) => row === chosen || shows[option("show").value](row));
    const byLine = new Map();
    for (const row of rows) {
      const line = sources.startLine[row];
      if (!byLine.has(line)) byLine.set(line, []);
      byLine.get(line).push(row);
    }
    entries = [];
    const open = rows.filter(shows.open);
    lines.replaceChildren(...file.lines.map((text, index) =>
      lineOf(text, index + 1, byLine.get(index + 1) ?? [], chosen)));
    if (chosen === undefined && open.length <= FEW) {
      entries.forEach((entry) => entry.rows.some(shows.open) && entry.toggle(true));
    }
    const missing = query.mutant && chosen === undefined ? `There is no mutant ${query.mutant}. ` : "";
    byId("code-count").textContent = `${missing}${placeOf(file)}: ${plural(file.lines.length, "line")}, ` +
      `${plural(rows.length, "mutant")} shown of ${rowsOf[at].length.toLocaleString("en")}, ${open.length.toLocaleString("en")} of them survived or not reached`;
    const note = lines.querySelector(".note.chosen");
    if (note) {
      note.scrollIntoView({ block: "center" });
      // Who walks from mutant to mutant goes on from the button.
      if (!byId("walk").contains(document.activeElement)) note.focus({ preventScroll: true });
    }
  }

  function lineOf(text, number, rows, chosen) {
    const item = element("li", { id: `line-${number}` });
    const code = element("code", {});
    const has = chosen !== undefined && rows.includes(chosen);
    code.append(...(has ? marked(text, chosen) : [highlighted(text)]));
    const row = element("div", { class: "line" }, element("span", { class: "place" }, String(number)));
    if (!rows.length) {
      row.append(element("span"), code);
      item.append(row);
      return item;
    }
    const entry = lineEntry(item, number, rows, chosen);
    entries.push(entry);
    row.append(entry.button, code);
    item.prepend(row);
    if (has) entry.toggle(true);
    return item;
  }

  // The span that the chosen mutant replaces, where it is in one line.
  function marked(text, row) {
    if (sources.known[row] === 0 || sources.startLine[row] !== sources.endLine[row]) return [highlighted(text)];
    const points = [...text];
    const [start, end] = [sources.startColumn[row] - 1, sources.endColumn[row] - 1];
    const part = (from, to) => highlighted(points.slice(from, to).join(""));
    return [part(0, start), element("mark", {}, part(start, end)), part(end)];
  }

  function lineEntry(item, number, rows, chosen) {
    const counts = new Map();
    for (const row of rows) {
      const name = store.mainOf(row).verdict.of(row)[0];
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const told = VERDICTS.filter((name) => counts.has(name)).map((name) => [name, counts.get(name)]);
    const label = told.map(([name, count]) => `${count} ${name.replace("_", " ")}`).join(", ");
    // What no score counts shares one figure; the title tells of each.
    const signs = told.filter(([name]) => COUNTED.has(name)).concat([["other", 0]]);
    for (const [name, count] of told) if (!COUNTED.has(name)) signs[signs.length - 1][1] += count;
    const spoken = (text) => element("span", { class: "hidden" }, text);
    const button = element("button", { type: "button", class: "held", "aria-expanded": "false", title: label },
      spoken(`Line ${number}: `),
      ...signs.filter(([, count]) => count).flatMap(([name, count]) => [verdictTag([name, String(count)]), spoken(` ${name.replace("_", " ")} `)]));
    let notes = null;
    const toggle = (open) => {
      if (open === (notes !== null)) return;
      button.setAttribute("aria-expanded", String(open));
      notes?.remove();
      notes = open ? element("div", { class: "notes" }) : null;
      if (notes) {
        more(notes, chosen === undefined ? rows : [chosen, ...rows.filter((row) => row !== chosen)], 0, chosen);
        item.append(notes);
      }
    };
    button.addEventListener("click", () => toggle(notes === null));
    return { button, rows, toggle };
  }

  function more(notes, rows, from, chosen) {
    const to = Math.min(rows.length, from + AT_ONCE);
    const made = rows.slice(from, to).map((row) => noteOf(store, sources, row, option("layout").value, row === chosen));
    notes.append(...made);
    if (from) made[0].querySelector("a").focus();
    if (to === rows.length) return;
    const left = element("button", { type: "button" }, `Show more: ${rows.length - to} left on this line`);
    left.addEventListener("click", () => { left.remove(); more(notes, rows, to, chosen); });
    notes.append(left);
  }

  // Through the mutants that pass the table's filters, in its order.
  function walk(chosen) {
    const rows = tableRows();
    const at = chosen === undefined ? -1 : rows.indexOf(chosen);
    const nav = byId("walk");
    nav.hidden = at < 0;
    byId("walk-place").textContent =
      at < 0 ? "" : `${(at + 1).toLocaleString("en")} of ${rows.length.toLocaleString("en")} in the table`;
    for (const button of nav.querySelectorAll("button")) {
      const to = at + (button.dataset.go === "next" ? 1 : -1);
      button.setAttribute("aria-disabled", String(!(to >= 0 && to < rows.length)));
      button.onclick = () => { if (to >= 0 && to < rows.length) go({ mutant: store.idOf(rows[to]) }); };
    }
  }
  return { show: draw };
}

// Of stage kernel each lowering has code of its own: kernels/cpu/name.py.
function placeOf(file) {
  const lowering = file.path.split("/").slice(1, -1).join("/");
  return lowering ? `${lowering}: ${file.name}` : file.name;
}

function rowsByFile(store, sources) {
  const found = sources.files.map(() => []);
  for (let row = 0; row < store.count; row++) found[sources.file[row]].push(row);
  return found;
}
