/** Survival curves as an SVG that reads on light and on dark pages. */

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 56;
const RIGHT = 190;
const TOP = 16;
const BOTTOM = 44;

/** Of Okabe and Ito, told apart by color-blind readers too; dashes beside them. */
const strokes = [
  ['#0072b2', ''],
  ['#56b4e9', '6 3'],
  ['#d55e00', ''],
  ['#009e73', '2 3'],
  ['#e69f00', '8 3 2 3'],
  ['#cc79a7', ''],
];

/**
 * The share of runs whose kernel is not found out after so many executions, to `cap`, on a logarithmic axis. Each curve is a
 * name and the executions of its runs, Infinity where none of `cap` showed the fault.
 */
export function survivalCurve(curves, cap) {
  const x = (executions) => LEFT + (Math.log10(executions) / Math.log10(cap)) * (WIDTH - LEFT - RIGHT);
  const y = (share) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const decades = Array.from({ length: Math.floor(Math.log10(cap)) + 1 }, (_, k) => 10 ** k);
  const grid = [
    ...decades.map((n) => line(x(n), y(0), x(n), y(1)) + text(x(n), HEIGHT - BOTTOM + 18, n, 'middle')),
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (share) =>
        line(LEFT, y(share), WIDTH - RIGHT, y(share)) +
        text(LEFT - 6, y(share) + 4, `${100 * share} %`, 'end'),
    ),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, 'executions', 'middle'),
  ];
  const drawn = curves.map(({ name, executions }, k) => {
    const [stroke, dash] = strokes[k % strokes.length];
    const style = `fill="none" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}"`;
    const legend = TOP + 12 + 20 * k;
    const key = `<path ${style} d="M${WIDTH - RIGHT + 12} ${legend}h26"/>`;
    return `<path ${style} d="${path(executions, x, y, cap)}"/>${key}${text(WIDTH - RIGHT + 44, legend + 4, name, 'start')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Share of faulty kernels not found out after so many executions">
<style>text{font:12px sans-serif;fill:#24292f}line{stroke:#8c959f;stroke-opacity:.35}@media(prefers-color-scheme:dark){text{fill:#e6edf3}}</style>
${[...grid, ...drawn].join('\n')}
</svg>
`;
}

/** A step down at each execution that found a fault. */
function path(executions, x, y, cap) {
  const found = executions.filter(Number.isFinite).sort((a, b) => a - b);
  let d = `M${x(1)} ${y(1)}`;
  for (const [k, at] of found.entries()) {
    if (found[k + 1] === at) continue;
    d += `H${x(at).toFixed(1)}V${y(1 - (k + 1) / executions.length).toFixed(1)}`;
  }
  return `${d}H${x(cap)}`;
}

function line(x1, y1, x2, y2) {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function text(x, y, content, anchor) {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${content}</text>`;
}
