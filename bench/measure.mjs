/** The least of repeated runs, in nanoseconds a logit: the machine is not as fast at all times, and what is in the way only adds. */

/** The time of `work`, which says how many logits it dealt with, in ns a logit. */
export async function timeOf(work) {
  const start = process.hrtime.bigint();
  const logits = await work();
  return Number(process.hrtime.bigint() - start) / logits;
}

/** The least of `rounds` such times, after one that does not count. */
export async function nanosecondsPerLogit(work, rounds = 9) {
  await work();
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) least = Math.min(least, await timeOf(work));
  return least;
}

/** The least of what each of several functions measures, by its name: they take turns, so that a slow time is one of all. */
export async function leastInTurn(measured, rounds) {
  const least = Object.fromEntries(Object.keys(measured).map((name) => [name, Number.POSITIVE_INFINITY]));
  for (let round = 0; round < rounds; round++)
    for (const [name, measure] of Object.entries(measured))
      least[name] = Math.min(least[name], await measure());
  return least;
}

/** A Markdown table; numbers with three significant digits. */
export function table(head, rows) {
  const cell = (value) => (typeof value === 'number' ? String(Number(value.toPrecision(3))) : value);
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}
