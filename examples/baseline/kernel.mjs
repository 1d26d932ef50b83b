/** A row-wise softmax that forgets to subtract the max, which everybody here knows. */
export function softmax(logits, rows, cols) {
  const out = logits.map((x) => Math.exp(x));
  for (let r = 0; r < rows; r++) {
    const row = out.subarray(r * cols, (r + 1) * cols);
    let sum = 0;
    for (let i = 0; i < cols; i++) sum += row[i];
    for (let i = 0; i < cols; i++) row[i] /= sum;
  }
  return out;
}
