// The kill matrix on a canvas: cells as squares, or many to a pixel where they are small.
function killDrawing(canvas, height, width, stateOf) {
  const room = Math.max(300, canvas.parentElement.clientWidth - 20);
  const size = Math.max(1, Math.min(24, Math.floor(room / width)));
  const perPixel = Math.max(1, Math.ceil(width / room));
  const tall = Math.max(2, Math.min(16, Math.floor(600 / height)));
  const columns = Math.ceil(width / perPixel);
  canvas.width = columns * size;
  canvas.height = height * tall;
  const context = canvas.getContext("2d");
  const colour = (name) => {
    const probe = document.querySelector(`.swatch.${name}`);
    return getComputedStyle(probe).color;
  };
  const [spares, kills, unknown] = ["spares", "kills", "unknown"].map(colour);
  const [gapX, gapY] = [size, tall].map((length) => (length > 7 ? 1 : 0));
  // What is not known is a thin bar: told apart by its shape too.
  const fill = (style, share, column, row, thin) => {
    context.globalAlpha = share;
    context.fillStyle = style;
    const third = Math.max(1, Math.floor(tall / 3));
    if (thin) context.fillRect(column * size, row * tall + third, size - gapX, third);
    else context.fillRect(column * size, row * tall, size - gapX, tall - gapY);
  };
  context.fillStyle = spares;
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < columns; column++) {
      const counts = [0, 0, 0];
      const end = Math.min(width, (column + 1) * perPixel);
      for (let at = column * perPixel; at < end; at++) counts[stateOf(row, at)]++;
      const all = end - column * perPixel;
      if (counts[1]) fill(kills, counts[1] / all, column, row, false);
      if (counts[2]) fill(unknown, counts[2] / all, column, row, true);
    }
  }
  context.globalAlpha = 1;
  return {
    perPixel,
    at: (x, y) => [Math.min(height - 1, Math.floor(y / tall)), Math.min(width - 1, Math.floor(x / size) * perPixel)],
    outline(row, column) {
      context.strokeStyle = getComputedStyle(canvas).color;
      context.lineWidth = 2;
      context.strokeRect(Math.floor(column / perPixel) * size - 1, row * tall - 1, size + 2, tall + 2);
    },
  };
}
