// The kill matrix: read by pointer or by arrow keys, told in words.
function killMatrix(raw, store) {
  const canvas = byId("kill-matrix");
  if (!canvas) return { show() {} };
  if (raw === null) {
    byId("kill-cell").textContent = "The matrix is too large to draw here; the format csv has all of it.";
    canvas.parentElement.hidden = true;
    return { show() {} };
  }
  const columns = unpacked(raw.columns);
  const [height, width] = [raw.inputs.length, columns.length];
  const [kills, known] = [bitsOf(raw.kills), bitsOf(raw.known)];
  const stateOf = (row, column) => (known(row * width + column) ? kills(row * width + column) : 2);
  const told = ["does not kill", "kills", "is not known to kill"];
  let drawing = null;
  let place = null;

  const redraw = () => { drawing = killDrawing(canvas, height, width, stateOf); };
  function tell(row, column) {
    place = [row, column];
    redraw();
    drawing.outline(row, column);
    const several = drawing.perPixel > 1 ? `; ${drawing.perPixel} mutants to a pixel` : "";
    byId("kill-cell").textContent = `${raw.inputs[row]} ${told[stateOf(row, column)]} ${store.idOf(columns[column])}` +
      ` (input ${row + 1} of ${height}, mutant ${column + 1} of ${width}${several})`;
  }
  const open = () => { if (place) location.hash = hashOf("code", { mutant: store.idOf(columns[place[1]]) }); };
  canvas.addEventListener("pointermove", (event) => {
    const [row, column] = drawing.at(event.offsetX, event.offsetY);
    if (!place || place[0] !== row || place[1] !== column) tell(row, column);
  });
  canvas.addEventListener("click", open);
  canvas.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === "Enter") open();
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const [row, column] = place ?? [0, 0];
    const to = place ? [row + step[0], column + step[1] * drawing.perPixel] : [0, 0];
    tell(Math.min(height - 1, Math.max(0, to[0])), Math.min(width - 1, Math.max(0, to[1])));
  });
  onTheme.push(() => { if (drawing) redraw(); });
  return { show: redraw };
}
