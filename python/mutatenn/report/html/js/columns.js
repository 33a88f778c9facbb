// Columns as Python packed them: numbers in typed arrays, words by their number.
const ARRAYS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array };

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// Little-endian, as every platform of today's browsers is.
const unpacked = (column) => new ARRAYS[column.width](bytesOf(column.data).buffer);

function worded(column) {
  const rows = unpacked(column.rows);
  const words = column.words;
  return { words, rows, of: (row) => words[rows[row]] };
}

function bitsOf(base64) {
  const bytes = bytesOf(base64);
  return (at) => (bytes[at >> 3] >> (7 - (at & 7))) & 1;
}
