/** The Python package checks functions where they are: in the process that asks. What needs pytest is among the integrations. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { optionNames } from '../src/options/index.ts';

const root = resolve(import.meta.dirname, '..');
const adapters = join(root, 'adapters/python');
const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-python-'));
afterAll(() => rmSync(folder, { recursive: true }));

const python = ['python3', '/usr/bin/python3'].find(
  (each) => spawnSync(each, ['-c', 'import numpy']).status === 0,
);
if (python === undefined) process.stderr.write('python: skipped, no python3 has numpy\n');

/** What a script of the package prints. */
function printed(script: string): string {
  const file = join(folder, 'script.py');
  writeFileSync(file, `import numpy as np\nfrom softmax_fuzz import *\n${script}`);
  const { stdout, stderr, status } = spawnSync(python as string, [file], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      PYTHONPATH: adapters,
      PYTHONDONTWRITEBYTECODE: '1',
      SOFTMAX_FUZZ: `node ${join(root, 'dist/cli/main.js')}`,
    },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const kernels = `
def right(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def wrong(x):
    raise ValueError('no')
def tell(action, **given):
    try:
        action(**given)
        print('held')
    except (AssertionError, RuntimeError, TypeError, ValueError) as error:
        print(type(error).__name__, error)
`;

describe.runIf(python !== undefined)('softmax_fuzz', () => {
  it('should know how each option is called', () => {
    const names = JSON.parse(
      printed('import json, softmax_fuzz_adapter as a\nprint(json.dumps(list(a.KEYWORDS)))'),
    );
    // Probabilities stand in the place of targets.
    const expected = optionNames.filter((name) => name !== 'probabilities');
    expect(names.toSorted()).toEqual(expected.toSorted());
  });

  it('should warn of a parameter that is no option', () => {
    const said = printed(`
import warnings
def right(x, scal=1.0):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    check(softmax=right, profile="default", runs=2, rows=1, cols=3, known=["softmax/*"])
print([(str(each.message)[:33], each.filename.endswith("script.py")) for each in caught])
`);
    expect(said).toBe("[('softmax keeps the default of scal', True)]\n");
  });

  it('should raise an AssertionError with the fault as the terminal shows it, and replay it', () => {
    const text = printed(`${kernels}
small = dict(runs=3, rows=1, cols=2)
tell(check, softmax=wrong, **small)
from glob import glob
[file] = glob('reports/latest/findings/*.json')
tell(lambda **given: replay(file, **given), softmax=wrong)
tell(lambda **given: replay(file, **given), softmax=right)
`);
    expect(text).toMatch(
      /^Falsified FAIL {2}wrong: softmax\/threw {2}\(finding \w+\)\n {2}What {8}the kernel threw\n/,
    );
    expect(text).toMatch('\n  Detail      ValueError: no\n');
    expect(text).toMatch(/\n {2}Replay {6}python3 \S*script\.py\n/);
    expect(text).toMatch(
      /\nseed 1, .*\nreport: reports\/latest\/index\.html\nFalsified finding \w+: softmax\/threw, on wrong\n/,
    );
    expect(text).toMatch(/\nstill fails\.\n.*\nheld\n$/);
  });

  it('should call functions in its own process, by names as Python has them', () => {
    const text = printed(`
calls = []
def log_softmax(x, axis):
    calls.append((x.shape, axis))
    raise ValueError('no')
try:
    check(log_softmax=log_softmax, runs=2, rows=2, cols=3, declaration={'rows': 2, 'cols': 3})
except Falsified as falsified:
    print(str(falsified).splitlines()[0])
print(set(calls), len(calls) >= 3)
`);
    expect(text).toMatch(
      /^FAIL {2}log_softmax: logSoftmax\/threw {2}\(finding \w+\)\n\{\(\(2, 3\), 1\)\} True\n$/,
    );
  });

  it('should say of which parameters it keeps the defaults', () => {
    const text = printed(`
import io
from softmax_fuzz_adapter import converse
def softmax(x, key_padding_mask=None, T=1.0, scale=1.0, axis=-1, *, _level=3, **others):
    return x
greeting = io.BytesIO()
converse(io.BytesIO(), greeting, 'mine', softmax=softmax, logSoftmax=lambda x: x, options={'softmax': ['scale', 'T']}, layouts={})
print(greeting.getvalue()[48:].decode())
`);
    expect(JSON.parse(text.replace(/\0/g, '')).found).toEqual({
      notes: [
        'softmax keeps the default of key_padding_mask: no option of it is called so (the head of softmax_fuzz_adapter.py has their names)',
      ],
    });
  });

  it('should take answers in the logits where that is declared, of a loss its gradient', () => {
    const text = printed(`
def softmax(x):
    x -= x.max(axis=1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=1, keepdims=True)
def log_softmax(x):
    z = x - x.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
def pair(x, targets):
    y = log_softmax(x)
    rows = np.arange(len(x))
    gradient = np.exp(y)
    gradient[rows, targets] -= 1
    return -y[rows, targets].mean(dtype=np.float32), gradient / np.float32(len(x))
def overwriting(x, targets):
    loss, x[...] = pair(x, targets)
    return loss
def told(**given):
    try:
        check(runs=8, rows=2, cols=2, profile='sequential', **{'declaration': {'nonFinite': False}, **given})
        print('held')
    except AssertionError as error:
        print(*[line for line in str(error).splitlines() if line.startswith(('FAIL', '  Detail'))][:2])
told(softmax=softmax, cross_entropy_with_grad=overwriting, declaration={'inPlace': True, 'nonFinite': False})
told(softmax=softmax)
told(cross_entropy_with_grad=lambda x, targets: pair(x, targets)[0])
`);
    expect(text.split('\n')).toEqual([
      'held',
      expect.stringMatching(
        /^FAIL {2}softmax: softmax\/mutated-input .* it changed its logits; in_place=True lets it$/,
      ),
      expect.stringMatching(
        /^FAIL {2}python: crossEntropy\/threw .* TypeError: expected \(loss, gradient\), got float32; in_place=True says that the gradient is in the logits$/,
      ),
      '',
    ]);
  });

  it('should say in one message what was asked wrongly, and how the tool is installed', () => {
    const text = printed(`${kernels}
import os
tell(check, cross_entropy_with_grad=right, cross_entropy=right)
tell(check, softmax=right, format='fp8')
tell(check, softmax=right, layouts={'softmx': ['inner']})
tell(check, softmax=right, profile='libn')
tell(check, sofmax=right)
tell(check)
for command in ['/nowhere/softmax-fuzz', 'node -e process.exitCode=1']:
    os.environ['SOFTMAX_FUZZ'] = command
    tell(check, softmax=right, runs=1)
os.environ.update(SOFTMAX_FUZZ='', PATH='/nowhere')
tell(check, softmax=right, runs=1)
`);
    const remedy = ". Set SOFTMAX_FUZZ to the command (SOFTMAX_FUZZ='node ";
    const lines = text.split('\n').filter((line) => /^\w+Error /.test(line));
    expect(lines).toEqual(
      [
        'ValueError crossEntropyWithGrad is the function of crossEntropy and crossEntropyGrad: crossEntropy is given too',
        "ValueError format is 'fp8': expected fp32, fp16, bf16, or a dict of logits and answer",
        'ValueError expected layouts of softmax, got those of softmx',
        "ToolError softmax-fuzz: target stdio: there is no profile 'libn'; did you mean libm?",
        'TypeError there is no operation or setting sofmax: the operations are softmax, ',
        'TypeError expected a function, of one of softmax, ',
        `ToolError /nowhere/softmax-fuzz cannot be started: [Errno 2] No such file or directory: '/nowhere/softmax-fuzz'${remedy}`,
        `ToolError node -e process.exitCode=1 ended with 1 and asked for nothing${remedy}`,
        `ToolError there is no softmax-fuzz${remedy}`,
      ].map((line) => expect.stringContaining(line)),
    );
  });

  it('should leave what ends a test to the test, and the tool behind', () => {
    const text = printed(`
import os, subprocess
from softmax_fuzz import _tool
ended, end = [], _tool.end
def noting(child):
    end(child)
    ended.append(child.poll())
_tool.end = noting
def interrupted(x):
    raise KeyboardInterrupt
try:
    check(softmax=interrupted, runs=5000)
except KeyboardInterrupt:
    print('interrupted', ended)
`);
    expect(text).toBe('interrupted [130]\n');
  });

  it('should be of one version with the tool', () => {
    const [, version] =
      /^version = "(.*)"$/m.exec(readFileSync(join(adapters, 'pyproject.toml'), 'utf8')) ?? [];
    expect(version).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
  });
});
