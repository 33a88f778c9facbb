// The page comes to life: data are read, and the address decides what is shown.
const data = JSON.parse(byId("data").textContent);
const store = storeOf(data);
const sources = sourcesOf(data);
const showPart = partsOf();
let filters = {};

themes();
heatMaps(data.heat);
const kills = killMatrix(data.kills, store);
const table = mutantTable(store, (changes) => {
  filter({ ...filters, ...changes });
});
const setFilters = filterForm(store, (changes) => filter({ sort: filters.sort, ...changes }));
const code = codeView(store, sources, (changes) => {
  location.hash = hashOf("code", { ...readHash().query, ...changes });
}, () => table.rows);

function filter(query) {
  filters = query;
  table.show(query);
  setFilters(query);
  replaceHash("mutants", query);
}

function show() {
  const { view, query } = readHash();
  const part = showPart(view);
  const anchor = document.querySelector('.top nav a[href^="#mutants"]');
  if (part === "mutants") {
    filters = query;
    setFilters(query);
    table.show(query);
  }
  if (part === "code") code.show(query);
  if (part === "inputs") kills.show();
  anchor.href = hashOf("mutants", filters);
}

addEventListener("click", (event) => {
  const { view } = readHash();
  if (view === "mutants" && event.target.closest("a")) settleHash("mutants", filters);
}, true);
addEventListener("hashchange", show);
table.show({});
show();
