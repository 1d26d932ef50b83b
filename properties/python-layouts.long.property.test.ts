/** Functions in Python with a parameter axis are asked along other axes, as views and with gaps behind their rows. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-python-'));
afterAll(() => rmSync(folder, { recursive: true }));

const python = ['python3', '/usr/bin/python3'].find(
  (each) => spawnSync(each, ['-c', 'import numpy']).status === 0,
);
if (python === undefined) process.stderr.write('python: skipped, no python3 has numpy\n');

const kernels = `
import numpy as np
from softmax_fuzz import check
np.seterr(all='ignore')
def plain(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
def with_options(x, axis, scale=1.0, mask=None, sink=None):
    z = x * np.float32(scale) if mask is None else np.where(mask, x * np.float32(scale), np.float32(-np.inf))
    top = z.max(axis=axis, keepdims=True)
    if sink is not None:
        sink = np.asarray(sink, np.float32)
        sink = sink[:, None] if sink.ndim == 1 else sink
        top = np.maximum(top, sink)
    top = np.where(top == -np.inf, np.float32(0), top)
    e = np.exp(z - top)
    return e / (e.sum(axis=axis, keepdims=True) + (0 if sink is None else np.exp(sink - top)))
def by_rows(x, axis):
    return plain(np.ascontiguousarray(x).reshape(-1, x.shape[axis]), 1).reshape(x.shape)
def by_memory(x, axis):
    base = x
    while isinstance(base.base, np.ndarray) and base.base.size == x.size and base.base.dtype == x.dtype:
        base = base.base
    return plain(np.ascontiguousarray(base).reshape(x.shape), axis)
def always_1(x, axis):
    return plain(x, 1)
def in_gap(x, axis):
    y = plain(x, axis)
    if x.ndim == 2 and x.strides[0] > 4 * x.shape[1]:
        np.lib.stride_tricks.as_strided(x, (len(x), x.strides[0] // 4))[:, -1] = 0
    return y
def told(function, **more):
    try:
        check(softmax=function, runs=120, rows=4, cols=3, profile='sequential', declaration={'nonFinite': False, 'rows': 4, 'cols': 3}, **more)
        print('held')
    except AssertionError as error:
        print(*[line for line in str(error).splitlines() if line.startswith(('FAIL', '  Detail'))][:2])
`;

describe.runIf(python !== undefined)('layouts in Python', () => {
  it.each([
    ['plain', 'held'],
    ['with_options', 'held'],
    ['by_rows', /softmax\/invariance\/layout .* not along the middle of 1 x 3 x 4/],
    ['by_memory', /softmax\/invariance\/layout .* not along the middle of 1 x 3 x 4/],
    ['always_1', /softmax\/invariance\/layout .* not along the middle of/],
    ['in_gap', /softmax\/mutated-input\/layout .* numbers from row to row: it changed its logits/],
    ['by_rows, layouts={}', 'held'],
    ['in_gap, layouts=["inner"]', 'held'],
  ])('should tell of %s', (call, expected) => {
    const file = join(folder, 'script.py');
    writeFileSync(file, `${kernels}told(${call})\n`);
    const { stdout } = spawnSync(python as string, [file], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        PYTHONPATH: join(root, 'adapters/python'),
        PYTHONDONTWRITEBYTECODE: '1',
        SOFTMAX_FUZZ: `node ${join(root, 'dist/cli/main.js')}`,
      },
    });
    expect(stdout).toMatch(expected);
  });
});
