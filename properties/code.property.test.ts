/** The code of a call is that call: what it says in each language are the bits that the kernel was given. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { batchGenerator } from '../src/arbitraries/generate.ts';
import { type Batch, upstreamOf } from '../src/core/batch.ts';
import type { Call } from '../src/core/call.ts';
import { callKernel, type Kernel } from '../src/core/kernel.ts';
import { type Operation, operations, usesUpstream } from '../src/core/operation.ts';
import { createRandom } from '../src/core/random.ts';
import { toHexWords } from '../src/float32/bits.ts';
import { drawOptions, optionsFor, withOptions } from '../src/options/index.ts';
import { codeOf } from '../src/report/code.ts';

/** Batches of an operation, short and long, with the options of some. */
function drawn(operation: Operation, count: number): Batch[] {
  const random = createRandom([1, 2, 3, 4]);
  const generate = batchGenerator({ maxRows: 3, maxCols: 60, upstream: true });
  return Array.from({ length: count }, () => {
    const { batch } = generate(random);
    return withOptions(batch, drawOptions(random, optionsFor(operation), batch));
  });
}

/** The arguments that a function of the contract is given. */
function givenBy(call: (kernel: Kernel) => unknown): readonly unknown[] {
  let given: readonly unknown[] = [];
  const note = (...args: readonly unknown[]): void => {
    given = args;
  };
  call(Object.fromEntries(operations.map((operation) => [operation, note])));
  return given;
}

describe('in JavaScript', () => {
  it.each(operations)('should be the call of %s, bit for bit', (operation) => {
    for (const batch of drawn(operation, 30)) {
      const run = new Function(...operations, codeOf('js', [{ operation, batch }]));
      const given = givenBy((kernel) => run(...operations.map((name) => kernel[name])));
      // Equality of arrays is that of each number by Object.is.
      expect(given).toEqual(givenBy((kernel) => callKernel(kernel, operation, batch)));
    }
  });
});

const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-code-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The words of the logits, and of upstream values before them. */
function wordsOf({ operation, batch }: Call): string {
  const arrays = [...(usesUpstream(operation) ? [upstreamOf(batch)] : []), batch.logits];
  // NaN has one word in each language, and not the same.
  return arrays.map((array) => toHexWords(array).join(' ').replaceAll('7fc00000', 'nan')).join(' ');
}

const calls = operations.flatMap((operation) => drawn(operation, 6).map((batch) => ({ operation, batch })));

const python = ['python3', '/usr/bin/python3'].find(
  (each) => spawnSync(each, ['-c', 'import numpy']).status === 0,
);
if (python === undefined) process.stderr.write('code: Python skipped, no python3 has numpy\n');

describe.runIf(python !== undefined)('in Python', () => {
  it('should have the same arrays, bit for bit', () => {
    const snake = (name: string): string =>
      name === 'logSumExp' ? 'logsumexp' : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const definitions = operations.map(
      (operation) =>
        `def ${snake(operation)}(*args, **options): tell(args[:${usesUpstream(operation) ? 2 : 1}])`,
    );
    const script = `
def tell(arrays):
    words = [w for a in arrays for w in a.view('u4').ravel()]
    print(*["nan" if (w & 0x7fffffff) > 0x7f800000 else "%08x" % w for w in words])
${definitions.join('\n')}
${codeOf('numpy', calls)}
`;
    writeFileSync(join(folder, 'code.py'), script);
    const { stdout, stderr } = spawnSync(python as string, [join(folder, 'code.py')], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(calls.map(wordsOf));
  });
});

const compiler = ['gcc', 'clang'].find((each) => spawnSync(each, ['--version']).status === 0);
if (compiler === undefined) process.stderr.write('code: C skipped, there is no gcc or clang\n');

describe.runIf(compiler !== undefined)('in C', () => {
  it('should have the same logits, bit for bit', () => {
    const head = '#include <stdio.h>\n#include <string.h>\n';
    const tell = `#define TELL(a) for (unsigned k = 0; k < sizeof a / 4; k++) { uint32_t w; memcpy(&w, &a[k], 4); if ((w & 0x7fffffff) > 0x7f800000) printf("%snan", k ? " " : ""); else printf("%s%08x", k ? " " : "", w); } puts("");\n`;
    const bodies = calls.map((call) => {
      const lines = codeOf('c', [call]).split('\n');
      return `{ ${lines.filter((line) => !/^#|^\/\//.test(line)).join('\n')}\nTELL(logits) }`;
    });
    const text = `${head}#include <math.h>\n#include <stdint.h>\n${tell}int main(void) {\n${bodies.join('\n')}\n}\n`;
    writeFileSync(join(folder, 'code.c'), text);
    const [source, program] = [join(folder, 'code.c'), join(folder, 'code')];
    const compiled = spawnSync(compiler as string, ['-w', '-o', program, source], { encoding: 'utf8' });
    expect(compiled.stderr).toBe('');
    const logits = calls.map(({ batch }) => wordsOf({ operation: 'softmax', batch }));
    expect(spawnSync(program, { encoding: 'utf8' }).stdout.trim().split('\n')).toEqual(logits);
  });
});
