/** The row-wise softmax of row-major logits. */
export function softmax(logits, rows, cols) {
  const out = new Float32Array(logits.length);
  for (let r = 0; r < rows; r++) {
    const row = logits.subarray(r * cols, (r + 1) * cols);
    const max = row.reduce((a, b) => Math.max(a, b));
    const powers = Array.from(row, (x) => Math.exp(x - max));
    const sum = powers.reduce((a, b) => a + b);
    out.set(
      powers.map((power) => power / sum),
      r * cols,
    );
  }
  return out;
}
