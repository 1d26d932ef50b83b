/** Every kept counterexample still fails as it was recorded, bit for bit, and every known fault has one. */
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchesBucket } from '../src/core/violation.ts';
import { replay } from '../src/record/replay.ts';
import { listJson, readFinding } from '../src/record/store.ts';
import { builtinNames, builtinTarget, isBuiltin } from '../src/targets/builtin.ts';

const paths = listJson(join(import.meta.dirname, '../reports/regressions'));
const files = paths.map((path) => readFinding(path));

describe('a kept counterexample', () => {
  it('should be kept of each built-in kernel', () => {
    expect(new Set(files.map(({ target }) => target.specifier))).toEqual(new Set(builtinNames));
  });

  it.each(paths)('should fail as recorded: %s', async (path) => {
    const file = readFinding(path);
    const { specifier } = file.target;
    if (!isBuiltin(specifier)) throw new Error(`${specifier} is not a built-in kernel`);
    const { outcome, sameBits } = await replay(file, builtinTarget(specifier));
    expect({ outcome, sameBits, name: basename(path) }).toEqual({
      outcome: 'same-bucket',
      sameBits: true,
      name: `${file.id}.json`,
    });
  });
});

describe('a known fault', () => {
  it.each(builtinNames)('should have a kept counterexample: %s', (name) => {
    const kept = files.filter(({ target }) => target.name === name).map(({ bucket }) => bucket);
    const without = builtinTarget(name).known.filter(
      (known) => !kept.some((bucket) => matchesBucket(known.bucket, bucket)),
    );
    expect(without).toEqual([]);
  });
});
