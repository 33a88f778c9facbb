// Heat maps: tables whose cells have a colour, a number, and lead to their mutants.
const FIGURES = {
  score: (cell) => cell[5],
  killed: (cell) => cell[2],
  living: (cell) => cell[3] + cell[4],
  counted: (cell) => cell[2] + cell[3] + cell[4],
};

function heatMaps(data) {
  const options = byId("heat-options");
  fillSelect(options.elements.device, null, data.layers.map((map) => map.name));
  const draw = () => {
    const figure = options.elements.figure.value;
    const map = data.layers.find((one) => one.name === options.elements.device.value);
    heatTable(byId("heat-layers"), map, figure, (row, column) => ({ operator: row, layer: column, device: map.name }));
    heatTable(byId("heat-devices"), data.devices, figure, (row, column) => ({ operator: row, device: column }));
    const ramp = document.querySelector(".ramp");
    for (const [name, value] of Object.entries(colours(figure))) ramp.style.setProperty(name, value);
    byId("heat-key").textContent = figure === "score"
      ? "score from 0 (nothing noticed) to 1 (all killed); below it the mutants that count"
      : "from none to the most in a map";
  };
  options.addEventListener("input", draw);
  options.addEventListener("submit", (event) => event.preventDefault());
  draw();
}

const colours = (figure) => (figure === "score"
  ? { "--low": "var(--heat-low)", "--high": "var(--heat-high)" }
  : { "--low": "var(--heat-none)", "--high": "var(--heat-much)" });

function heatTable(table, map, figure, queryOf) {
  const of = FIGURES[figure];
  const most = figure === "score" ? 1 : Math.max(1, ...map.cells.map(of));
  const cells = new Map(map.cells.map((cell) => [`${cell[0]} ${cell[1]}`, cell]));
  const head = element("tr", {}, element("td"), ...map.columns.map((column) =>
    element("th", { scope: "col", title: column.title }, element("span", {}, column.text))));
  const rows = map.rows.map((name, row) => element("tr", {}, element("th", { scope: "row" }, name),
    ...map.columns.map((column, at) => heatCell(cells.get(`${row} ${at}`)))));

  function heatCell(cell) {
    if (!cell) return element("td", {});
    const [row, column, killed, survived, unreached] = cell;
    const all = killed + survived + unreached;
    const value = of(cell);
    const text = figure === "score" ? value.toFixed(2) : value.toLocaleString("en");
    const label = `${map.rows[row]}, ${map.columns[column].text}: ${killed} killed, ${survived} survived, ${unreached} not reached`;
    const link = element("a", { href: hashOf("mutants", { ...queryOf(map.rows[row], map.columns[column].key), counted: "1" }),
      title: label }, text);
    if (figure === "score") link.append(" ", element("small", {}, String(all)));
    link.style.setProperty("--share", value / most);
    for (const [name, colour] of Object.entries(colours(figure))) link.style.setProperty(name, colour);
    return element("td", {}, link);
  }
  table.replaceChildren(table.caption, element("thead", {}, head), element("tbody", {}, ...rows));
}
