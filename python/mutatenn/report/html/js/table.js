// The table of mutants: filtered, sorted, and shown a page at a time.
const PAGE = 50;

function columnsOf(store) {
  const verdicts = store.devices.map((device, at) => ({
    key: at ? `verdict-${device.name}` : "verdict",
    title: store.devices.length > 1 ? device.name : "verdict",
    column: { ...device.verdict, verdicts: true },
    cell: (row) => element("td", {}, verdictTag(device.verdict.of(row))),
  }));
  const plain = (key, title, column, attributes) => ({
    key, title, column, cell: (row) => element("td", { ...attributes, title: column.of(row) }, column.of(row)) });
  const first = store.devices[0];
  return [
    ...verdicts,
    { key: "id", title: "mutant", column: null, cell: (row) => element("th", { scope: "row" },
      element("a", { href: hashOf("code", { mutant: store.idOf(row) }), title: store.idOf(row) },
        element("code", {}, shortId(store, row)))) },
    plain("operator", "operator", store.operator),
    plain("change", "change", store.change),
    plain("function", "kernel", store.function),
    { key: "layers", title: "layers", column: store.layers, cell: (row) => element("td",
      { class: "short", title: store.layers.of(row) }, briefly(store.layers.sets[store.layers.rows[row]].map((at) => store.layers.names[at]))) },
    { key: "far", title: "how far", column: first.far,
      cell: (row) => element("td", { class: "far" }, store.mainOf(row).far.of(row)) },
    { key: "reason", title: "why", column: first.reason, cell: (row) => {
      const device = store.mainOf(row);
      const text = [device.reason.of(row), device.marks.of(row)].filter(Boolean).join("; ");
      return element("td", { class: "why", title: text }, element("span", {}, text));
    } },
  ];
}

// The operator stands in the next column.
const shortId = (store, row) => store.shorts[row].replace(/^=/, "");
const briefly = (names) => (names.length > 1 ? `${names[0]} +${names.length - 1}` : names.join(""));

function mutantTable(store, go) {
  const columns = columnsOf(store);
  const ranksOf = ranker();
  const [head, body] = [byId("mutant-table").tHead, byId("mutant-table").tBodies[0]];
  let idRanks = null;
  const titles = columns.map(({ key, title }) => {
    const button = element("button", { type: "button" }, title);
    button.addEventListener("click", () => go({ sort: nextSort(key), page: "" }));
    return element("th", { scope: "col", "data-key": key }, button);
  });
  head.append(element("tr", {}, ...titles));
  let query = {};
  let shown = new Uint32Array(0);
  let pages = 1;

  const nextSort = (key) => (query.sort === key ? `-${key}` : query.sort === `-${key}` ? "" : key);

  function ordered(rows) {
    const descending = (query.sort ?? "").startsWith("-");
    const key = (query.sort ?? "").slice(descending ? 1 : 0);
    const found = columns.find((one) => one.key === key);
    titles.forEach((title) => title.setAttribute("aria-sort",
      title.dataset.key !== key ? "none" : descending ? "descending" : "ascending"));
    if (!found) return rows;
    if (found.column === null) {
      idRanks ??= rankedIds();
      return sorted(rows, (row) => idRanks[row], store.count, descending);
    }
    const ranks = ranksOf(key, found.column);
    return sorted(rows, (row) => ranks[found.column.rows[row]], ranks.length, descending);
  }

  function rankedIds() {
    const ids = Array.from({ length: store.count }, (_, row) => store.idOf(row));
    const order = Uint32Array.from(ids.keys()).sort((a, b) => (ids[a] < ids[b] ? -1 : 1));
    const ranks = new Uint32Array(store.count);
    order.forEach((row, rank) => { ranks[row] = rank; });
    return ranks;
  }

  function draw() {
    const page = Math.min(Math.max(1, Number(query.page) || 1), pages);
    const first = (page - 1) * PAGE;
    body.replaceChildren(...Array.from(shown.subarray(first, first + PAGE), (row) =>
      element("tr", {}, ...columns.map((column) => column.cell(row)))));
    const last = Math.min(first + PAGE, shown.length);
    const range = shown.length ? `; rows ${(first + 1).toLocaleString("en")} to ${last.toLocaleString("en")}` : "";
    byId("count").textContent =
      `${shown.length.toLocaleString("en")} of ${plural(store.count, "mutant")}${range}` +
      (query.counted ? "; of those that count towards the score" : "");
    drawPages(page);
  }

  function drawPages(page) {
    const nav = byId("pages");
    nav.hidden = pages === 1;
    const input = nav.querySelector("input");
    [input.value, input.max] = [page, pages];
    nav.querySelector("[data-of]").textContent = `of ${pages.toLocaleString("en")}`;
    for (const button of nav.querySelectorAll("button")) {
      const forward = ["next", "last"].includes(button.dataset.go);
      // Not disabled: a button that the reader is on must not lose the focus.
      button.setAttribute("aria-disabled", String(forward ? page === pages : page === 1));
      button.dataset.page = { first: 1, previous: Math.max(1, page - 1), next: Math.min(pages, page + 1), last: pages }[button.dataset.go];
    }
  }

  byId("pages").addEventListener("click", (event) => {
    const page = event.target.closest("button")?.dataset.page;
    if (page) go({ page: page === "1" ? "" : page });
  });
  byId("pages").addEventListener("change", (event) => go({ page: event.target.value }));
  return {
    show(next) {
      query = next;
      shown = ordered(passing(store, query));
      pages = Math.max(1, Math.ceil(shown.length / PAGE));
      draw();
    },
    get rows() { return shown; },
  };
}
