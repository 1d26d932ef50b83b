/** `softmax-fuzz init`: the files of a project that is fuzzed. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { configFiles } from '../config/find.ts';
import { writeFile } from '../record/store.ts';
import { UserError } from '../text/errors.ts';

const config = `/** What \`npx softmax-fuzz fuzz\` runs in this folder. The keys are in docs/config.md of softmax-fuzz. */

/** @type {import('softmax-fuzz').Config} */
export default {
  targets: {
    softmax: {
      target: './softmax.mjs',
      known: [], // Buckets that it may fall into, like 'softmax/zeroed/*'.
    },
  },
  maxTime: '60s',
};
`;

const target = `/** The softmax of each row, in FP32. Put yours in its place, or name another target in softmax-fuzz.config.mjs. */
export function softmax(logits, rows, cols) {
  const out = new Float32Array(rows * cols);
  for (let r = 0; r < rows; r++) {
    const row = logits.subarray(r * cols, (r + 1) * cols);
    const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const powers = Array.from(row, (x) => Math.exp(x - max));
    const sum = powers.reduce((a, b) => a + b, 0);
    powers.forEach((power, c) => {
      out[r * cols + c] = power / sum;
    });
  }
  return out;
}
`;

const workflow = `# Runs the targets of softmax-fuzz.config.mjs. Exit 1, a new finding, fails the job.

name: softmax-fuzz
on: [push, pull_request]

permissions:
  contents: read

jobs:
  fuzz:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: 22
      # npm ci, where there is a package-lock.json.
      - run: npm install
      # What failed before is tried first. Commit it to reports/regressions where it is to stay.
      - uses: actions/cache/restore@v5
        with:
          path: reports/regressions
          key: softmax-fuzz-\${{ github.run_id }}-\${{ github.run_attempt }}
          restore-keys: softmax-fuzz-
      - id: fuzz
        run: npx softmax-fuzz fuzz
      - if: \${{ !cancelled() && steps.fuzz.outcome == 'failure' && hashFiles('reports/latest*/findings/*.json') != '' }}
        run: mkdir -p reports/regressions && cp reports/latest*/findings/*.json reports/regressions
      - if: \${{ !cancelled() && steps.fuzz.outcome == 'failure' && hashFiles('reports/regressions/*.json') != '' }}
        uses: actions/cache/save@v5
        with:
          path: reports/regressions
          key: softmax-fuzz-\${{ github.run_id }}-\${{ github.run_attempt }}
      - if: \${{ !cancelled() }}
        uses: actions/upload-artifact@v7
        with:
          name: softmax-fuzz
          path: reports/latest*
`;

/** What is written, by its path. */
const files: Readonly<Record<string, string>> = {
  'softmax-fuzz.config.mjs': config,
  'softmax.mjs': target,
  '.github/workflows/softmax-fuzz.yml': workflow,
};

/**
 * Runs the command.
 * @throws UserError when one of the files, or another configuration, is there already, or cannot be written.
 */
export function runInit(): void {
  const paths = Object.keys(files);
  const inTheWay = [...new Set([...configFiles, ...paths])].filter((path) => existsSync(path));
  if (inTheWay.length > 0)
    throw new UserError(
      `${inTheWay.join(', ')} ${inTheWay.length === 1 ? 'is' : 'are'} there already: nothing is written`,
      'Move it away first, or write by hand what is missing: docs/config.md.',
    );
  for (const path of paths) mkdirSync(dirname(path), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFile(path, text);
  process.stdout.write(
    `wrote ${paths.join(', ')}\n\nnpx softmax-fuzz fuzz runs what the configuration names, for a minute.\nIn CI it is installed by npm: \`npm install --save-dev softmax-fuzz\` puts it into package.json.\n`,
  );
}
