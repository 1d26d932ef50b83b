/** The adapters keep to docs/protocol.md, and the page to the code. What cannot run here is skipped, and says why. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { articleBatch } from '../src/arbitraries/article.ts';
import { type Batch, batchOf } from '../src/core/batch.ts';
import { operationsOf } from '../src/core/kernel.ts';
import { definitions, operations } from '../src/core/operation.ts';
import type { Options } from '../src/core/options.ts';
import { withOptions } from '../src/options/index.ts';
import { takenBy } from '../src/options/taken.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { examine } from '../src/targets/examine.ts';
import { observe } from '../src/targets/observe.ts';
import { checkProgram } from '../src/targets/process/conformance.ts';
import { emptyFrame, encodeFrame } from '../src/targets/process/frame.ts';
import { resolveTarget } from '../src/targets/resolve.ts';
import { runHere } from './support/command.ts';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-adapters-'));
afterAll(() => rmSync(folder, { recursive: true }));

const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

/** `it`, or a skip that tells its reason. */
function itWhere(condition: boolean, reason: string) {
  if (!condition) process.stderr.write(`adapters: skipped, ${reason}\n`);
  return condition ? it : it.skip;
}

async function expectRight(specifier: string): Promise<void> {
  const target = await resolveTarget(specifier);
  const article = { ...articleBatch, upstream: Float32Array.of(0, 1, 0, 2, -1, 1, 1, 0, 0) };
  for (const batch of [article, batchOf([[1, 2, 3, -4]], [2], [0.5, -1, 0, 2])]) {
    for (const operation of operationsOf(target.kernel)) {
      const { violations } = await examine(target, operation, createOracle(batch));
      expect({ operation, violations }).toEqual({ operation, violations: [] });
    }
  }
  const checks = await checkProgram(specifier, {});
  expect(checks.filter(({ failure }) => failure !== null)).toEqual([]);
}

describe('docs/protocol.md', () => {
  const page = readFileSync(join(root, 'docs/protocol.md'), 'utf8');

  it('should show the bytes of a request as they are', () => {
    const shown = /```hex\n(.*?)```/s.exec(page)?.[1].replace(/\s/g, '');
    const request = { ...emptyFrame, id: 7, operation: 1, rows: 1, cols: 2, floats: Float32Array.of(1, 2) };
    expect(encodeFrame(request).toString('hex')).toBe(shown);
  });

  it('should number the operations as they are', () => {
    for (const operation of operations)
      expect(page).toMatch(`\n| ${definitions[operation].code} | ${operation} |`);
  });
});

describe('adapters', () => {
  itWhere(has('cc', '--version'), 'there is no C compiler cc')('should work in C', async () => {
    const program = join(folder, 'kernel');
    const source = join(root, 'adapters/c/softmax_fuzz_adapter.c');
    const built = spawnSync('cc', ['-Wall', '-Wextra', '-Werror', '-O2', '-o', program, source, '-lm']);
    expect(built.stderr.toString()).toBe('');
    await expectRight(`cmd:${program}`);
  });

  itWhere(has('rustc', '--version'), 'there is no rustc')('should work in Rust', async () => {
    const program = join(folder, 'rust-kernel');
    const built = spawnSync('rustc', [
      '-O',
      '-o',
      program,
      join(root, 'adapters/rust/softmax_fuzz_adapter.rs'),
    ]);
    expect(built.stderr.toString()).toBe('');
    await expectRight(`cmd:${program}`);
  });

  it('should take less than 80 lines in C and in Rust', () => {
    for (const file of ['c/softmax_fuzz_adapter.c', 'rust/softmax_fuzz_adapter.rs'])
      expect(readFileSync(join(root, 'adapters', file), 'utf8').split('\n').length).toBeLessThan(80);
  });
});

const pythons = ['python3', '/usr/bin/python3'];
const adapter = join(root, 'adapters/python/softmax_fuzz_adapter.py');

/** A python3 that has the package. */
const pythonWith = (name: string): string | undefined =>
  pythons.find((python) => has(python, '-c', `import numpy, ${name}`));

describe('the Python adapter', () => {
  for (const [name, needed] of [
    ['numpy', 'numpy'],
    ['scipy', 'scipy'],
    ['torch', 'torch'],
    ['torch-autograd', 'torch'],
    ['jax', 'jax'],
    ['jax-autograd', 'jax'],
  ]) {
    const python = pythonWith(needed);
    itWhere(python !== undefined, `no python3 has ${needed}`)(`should reach ${name}`, async () => {
      await expectRight(`cmd:${python} '${adapter}' ${name}`);
    });
  }

  const python = pythonWith('numpy');
  itWhere(python !== undefined, 'no python3 has numpy')('should serve a function of one’s own', async () => {
    writeFileSync(
      join(folder, 'mine.py'),
      `import sys
sys.path.insert(0, ${JSON.stringify(join(adapter, '..'))})
from softmax_fuzz_adapter import serve
def mine(x):
    print('not a frame')
    if x.shape[1] == 2: x[0] = 7
    if x.shape[1] == 3: raise ValueError('no three')
    if x.shape[1] == 4: return x[0]
    if x.shape[1] == 5: return x.astype('f8')
    return x
serve(softmax=mine, log_softmax=mine, name='mine')
`,
    );
    const target = await resolveTarget(`cmd:${python} '${join(folder, 'mine.py')}'`);
    expect(operationsOf(target.kernel)).toEqual(['softmax', 'logSoftmax']);
    const observed = [1, 2, 3, 4, 5].map((cols) =>
      observe(target, 'softmax', batchOf([new Array(cols).fill(1), new Array(cols).fill(2)])),
    );
    expect(await Promise.all(observed)).toEqual([
      { status: 'answered', output: Float32Array.of(1, 2) },
      { status: 'mutated-input', detail: 'it changed its logits; in_place=True lets it' },
      { status: 'threw', detail: 'ValueError: no three' },
      { status: 'bad-shape', detail: 'returned float32 of (4,): expected float32 of (2, 4)' },
      { status: 'bad-shape', detail: 'returned float64 of (2, 5): expected float32 of (2, 5)' },
    ]);
  });

  /** The specifier of a program that serves `kernels`, whose functions are in `source`. */
  function served(file: string, source: string, kernels: string): string {
    const path = join(folder, file);
    const head = `import sys\nsys.path.insert(0, ${JSON.stringify(join(adapter, '..'))})\nimport numpy as np\nfrom softmax_fuzz_adapter import serve\n`;
    writeFileSync(path, `${head}np.seterr(all='ignore')\n${source}\nserve(${kernels})\n`);
    return `cmd:${python} '${path}'`;
  }

  /** With `HIDE` for how a mask hides. */
  const withOptionsOf = `
def real(x, scale, softcap, mask, attn_mask, sinks):
    z = x.astype('f8') * scale
    if softcap is not None: z = softcap * np.tanh(z / softcap)
    if attn_mask is not None: z = z + attn_mask
    if mask is not None: z = HIDE
    joined = np.full((len(x), 1), -np.inf) if sinks is None else np.broadcast_to(np.reshape(sinks, (-1, 1)), (len(x), 1))
    z = np.concatenate([z, joined], axis=1)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return z, e, e.sum(axis=1, keepdims=True)
def softmax(x, *, sm_scale, softcap=None, mask=None, attn_mask=None, sinks=None, dim):
    assert dim == 1 and (mask is None or mask.dtype == bool)
    _, e, total = real(x, sm_scale, softcap, mask, attn_mask, sinks)
    return (e / total).astype('f4')[:, :-1]
def log_softmax(x, temperature=1.0, sink=-np.inf):
    z, e, total = real(x, 1 / temperature, None, None, None, None if sink is None else sink)
    return (z - z.max(axis=1, keepdims=True) - np.log(total)).astype('f4')[:, :-1]
`;

  itWhere(python !== undefined, 'no python3 has numpy')(
    'should give a function the options that its parameters name',
    async () => {
      const hides = (how: string) => withOptionsOf.replace('HIDE', how);
      const right = served(
        'right.py',
        hides('np.where(mask, z, -np.inf)'),
        "softmax=softmax, logSoftmax=log_softmax, name='right'",
      );
      const target = await resolveTarget(right);
      expect(takenBy(target, 'softmax')).toEqual({
        names: ['scale', 'softcap', 'bias', 'mask', 'sink'],
        fixed: {},
      });
      expect(takenBy(target, 'logSoftmax')).toEqual({
        names: ['temperature', 'sink'],
        fixed: {},
      });
      const checks = await checkProgram(right, {});
      expect(checks.filter(({ failure }) => failure !== null)).toEqual([]);
      expect(checks).toHaveLength(8);
      const cwd = join(folder, 'campaign');
      mkdirSync(cwd, { recursive: true });
      const wrong = served('wrong.py', hides('z - 1e4 * ~mask'), "softmax=softmax, name='wrong'");
      const { stdout } = await runHere(['fuzz', right, wrong, '--seed', '1', '--runs', '60'], { cwd });
      expect(stdout).toMatch(/^right: every property held/m);
      expect(stdout).toMatch(/^wrong: FALSIFIED/m);
      expect(stdout).toMatch(/^ {2}Simplest {4}softmax\(.*, mask \[/m);
    },
  );

  itWhere(python !== undefined, 'no python3 has numpy')(
    'should be told which options are not taken as the page has it',
    async () => {
      const source = `
import softmax_fuzz_adapter
softmax_fuzz_adapter.keywords_with = lambda operation, keywords, options, taken: {k: options.get(k) for k in keywords[0]}
def flat(x, mask=None):
    if mask is not None: mask[0, 0]
    return x
`;
      const checks = await checkProgram(served('flat.py', source, 'softmax=flat'), {});
      const failed = checks.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure}`]));
      expect(failed).toEqual([
        expect.stringMatching(
          /^takes the options that it declares, as numbers and as tensors of each shape: softmax of 2 x 3: status 1, 'IndexError: /,
        ),
        'refuses an option that it does not know, and goes on: it answered with status 0: expected 1, threw',
      ]);
    },
  );

  itWhere(python !== undefined, 'no python3 has numpy')(
    'should see what becomes of options, and refuse what is none',
    async () => {
      const source = `
def marks(x, mask=None):
    if mask is not None: mask[...] = True
    return x
`;
      const batch = withOptions(batchOf([[1, 2]]), { mask: Uint8Array.of(1, 0) });
      const target = await resolveTarget(served('marks.py', source, "softmax=marks, name='marks'"));
      expect(await observe(target, 'softmax', batch)).toEqual({
        status: 'mutated-input',
        detail: 'it changed its mask',
      });
      expect(await observe(target, 'softmax', withOptions(batch, { sink: 0 }))).toEqual({
        status: 'threw',
        detail: 'softmax takes no sink',
      });
      const fixed = served('fixed.py', source, "softmax=marks, options={'softmax': {'scale': 0.5}}");
      const half = await resolveTarget(fixed);
      expect(takenBy(half, 'softmax')).toEqual({ names: [], fixed: { scale: 0.5 } });
      expect(await observe(half, 'softmax', withOptions(batch, { scale: 0.5 }))).toMatchObject({
        status: 'answered',
      });
      const misspelt = served('misspelt.py', source, "softmax=marks, options={'softmax': ['scael']}");
      await expect(resolveTarget(misspelt)).rejects.toThrow(
        "there is no option 'scael'; did you mean scale?",
      );
    },
  );

  const lossOptions = ['reduction', 'ignoreIndex', 'classWeights', 'labelSmoothing', 'probabilities'];
  const loss = readFileSync(join(root, 'examples/python/loss.py'), 'utf8');
  const servedLoss =
    "crossEntropy=cross_entropy, crossEntropyGrad=cross_entropy_backward, probabilities=True, profile='sequential', semantics={'zeroTimesInfinity': 'zero'}";

  itWhere(python !== undefined, 'no python3 has numpy')(
    'should give a loss of PyTorch’s signature its options, and find what is wrong with them',
    async () => {
      const right = served('loss.py', loss, `${servedLoss}, name='right'`);
      const target = await resolveTarget(right);
      expect(takenBy(target, 'crossEntropy').names).toEqual(lossOptions);
      expect(takenBy(target, 'crossEntropyGrad').names).toEqual([...lossOptions, 'upstream']);
      const checks = await checkProgram(right, {});
      expect(checks.filter(({ failure }) => failure !== null)).toEqual([]);
      const faults = {
        divisor: ['(weight * hot).sum()', 'rows'],
        upstream: ['np.reshape(scale, (-1, 1))', 'np.reshape(scale, (-1, 1))[0]'],
      };
      const wrong = Object.entries(faults).map(([name, [good, bad]]) => {
        expect(loss).toContain(good);
        return served(`loss-${name}.py`, loss.replace(good, bad), `${servedLoss}, name='${name}'`);
      });
      const cwd = join(folder, 'losses');
      mkdirSync(cwd, { recursive: true });
      const small = ['--seed', '1', '--runs', '200', '--rows', '2', '--cols', '3', '--shrink-time', '1s'];
      const { stdout } = await runHere(['fuzz', right, ...wrong, ...small], { cwd });
      expect(stdout).toMatch(/^right: every property held/m);
      for (const name of Object.keys(faults)) expect(stdout).toMatch(new RegExp(`^${name}: FALSIFIED`, 'm'));
    },
    120_000,
  );

  const withTorch = pythonWith('torch');
  itWhere(withTorch !== undefined, 'no python3 has torch')(
    'should test a loss of torch and its gradient by autograd, options and all, by five lines',
    async () => {
      const cwd = join(folder, 'torch');
      mkdirSync(cwd, { recursive: true });
      // FP32 is for the integrations.
      const lines = `from softmax_fuzz_adapter import gradient_of, serve
from torch.nn.functional import cross_entropy

serve(crossEntropy=cross_entropy, crossEntropyGrad=gradient_of(cross_entropy), arrays="torch",
      probabilities=True, format="bf16", profile="composed")
`;
      copyFileSync(adapter, join(cwd, 'softmax_fuzz_adapter.py'));
      writeFileSync(join(cwd, 'loss.py'), lines);
      const specifier = `cmd:${withTorch} '${join(cwd, 'loss.py')}'`;
      const target = await resolveTarget(specifier);
      expect(takenBy(target, 'crossEntropyGrad').names).toEqual([...lossOptions, 'upstream']);
      const checks = await checkProgram(specifier, {});
      expect(checks.filter(({ failure }) => failure !== null)).toEqual([]);
      const { stdout } = await runHere(['fuzz', specifier, '--seed', '1', '--runs', '40'], { cwd });
      expect(stdout).toMatch(/^\w+\.py: every property held/m);
    },
  );

  itWhere(python !== undefined, 'no python3 has numpy')(
    'should hold what is upstream of a loss against its shape, and refuse what a loss does not take',
    async () => {
      const source = `
def gradient(grad_output, x, t, reduction='mean'):
    assert grad_output.dtype == x.dtype and grad_output.shape == (() if reduction == 'mean' else (len(x),))
    if x.shape[1] == 2: grad_output[...] = 7
    return x * grad_output.reshape(-1, 1)
def loss(x, t, reduction):
    return x[:, 0]
`;
      const program = served('upstream.py', source, 'crossEntropyGrad=gradient, crossEntropy=loss');
      const target = await resolveTarget(program);
      const three = batchOf([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      const asked = (batch: Batch, options: Options) =>
        observe(target, 'crossEntropyGrad', withOptions(batch, options));
      expect(await asked(three, {})).toMatchObject({ output: three.logits });
      expect(await asked(three, { upstream: 2 })).toMatchObject({ output: three.logits.map((x) => 2 * x) });
      expect(await asked(three, { upstream: 2, reduction: 'none' })).toMatchObject({
        output: three.logits.map((x) => 2 * x),
      });
      expect(await asked(three, { upstream: Float32Array.of(1, -1), reduction: 'none' })).toMatchObject({
        output: Float32Array.of(1, 2, 3, -4, -5, -6),
      });
      expect(await asked(batchOf([[1, 2]]), { upstream: 2 })).toEqual({
        status: 'mutated-input',
        detail: 'it changed its upstream values',
      });
      expect(await asked(three, { probabilities: new Float32Array(6) })).toEqual({
        status: 'threw',
        detail: 'crossEntropyGrad takes no probabilities',
      });
      const answered = observe(target, 'crossEntropy', withOptions(three, { reduction: 'none' }));
      expect(await answered).toMatchObject({ output: Float32Array.of(1, 4) });
      expect(await observe(target, 'crossEntropy', three)).toEqual({
        status: 'bad-shape',
        detail: 'returned float32 of (2,): expected float32 of ()',
      });
    },
  );
});
