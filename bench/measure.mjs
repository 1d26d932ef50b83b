/** Medians of repeated runs, in nanoseconds a logit. */

/** The median of `rounds` timings of `work`, which says how many logits it dealt with, in ns a logit. */
export async function nanosecondsPerLogit(work, rounds = 9) {
  await work();
  const timings = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    const logits = await work();
    timings.push(Number(process.hrtime.bigint() - start) / logits);
  }
  timings.sort((a, b) => a - b);
  return timings[timings.length >> 1];
}

/** A Markdown table; numbers with three significant digits. */
export function table(head, rows) {
  const cell = (value) => (typeof value === 'number' ? String(Number(value.toPrecision(3))) : value);
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}
