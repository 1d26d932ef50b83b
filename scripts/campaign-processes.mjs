/** What scripts that look at a campaign's processes have in common: a kernel to fuzz, and who is of the campaign. Needs /proc. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder with ./my-softmax.mjs, which forgets the maximum. */
export function folderWithKernel(name) {
  const folder = mkdtempSync(join(tmpdir(), `softmax-fuzz-${name}-`));
  writeFileSync(
    join(folder, 'my-softmax.mjs'),
    `export function softmax(logits, rows, cols) {
  const powers = logits.map(Math.exp);
  const sums = Float32Array.from({ length: rows }, (_, r) => powers.subarray(r * cols, (r + 1) * cols).reduce((a, b) => a + b));
  return powers.map((power, k) => power / sums[Math.floor(k / cols)]);
}
`,
  );
  return folder;
}

/** Whether the process has inherited this value of an environment's variable: targets' processes are of groups of their own. */
export function hasInherited(pid, variable, value) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${variable}=${value}\0`);
  } catch {
    return false; // It has just ended.
  }
}

/** The processes that are there. */
export function pids() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
