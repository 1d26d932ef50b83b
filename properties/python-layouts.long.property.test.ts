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
def answered_in_place(x, axis):
    x -= x.max(axis=axis, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=axis, keepdims=True)
def in_place_and_gap(x, axis):
    if x.ndim == 2 and x.strides[0] > 4 * x.shape[1]:
        np.lib.stride_tricks.as_strided(x, (len(x), x.strides[0] // 4))[:, -1] = 0
    answered_in_place(x, axis)
def loss(x, targets, reduction='mean'):
    z = x - x.max(axis=1, keepdims=True)
    losses = np.log(np.exp(z).sum(axis=1)) - np.take_along_axis(z, np.expand_dims(targets, 1), 1)[:, 0]
    return losses if reduction == 'none' else losses.sum() if reduction == 'sum' else losses.mean()
def loss_of_rows(x, targets, reduction='mean'):
    return loss(x.reshape(-1, x.shape[1]), targets.reshape(-1), reduction).reshape(targets.shape if reduction == 'none' else ())
def both(x, targets):
    value, y = loss(x, targets), np.exp(x - x.max(axis=1, keepdims=True))
    y /= y.sum(axis=1, keepdims=True)
    y[np.arange(len(x)), targets] -= 1
    x[...] = y / np.float32(len(x))
    return value
def pair(x, targets):
    y = x.copy()
    return both(y, targets), y
def scaled(x, targets, grad_output):
    value = both(x, targets)
    x *= grad_output
    return value
def scaled_first(grad_output, x, targets):
    return scaled(x, targets, grad_output)
def told(function=None, **more):
    functions = {} if function is None else {'softmax': function}
    try:
        check(**functions, runs=120, rows=4, cols=3, profile='sequential', declaration={'nonFinite': False, 'rows': 4, 'cols': 3}, **more)
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
    ['answered_in_place, in_place=True', 'held'],
    [
      'in_place_and_gap, in_place=True',
      /softmax\/mutated-input\/layout .* numbers from row to row: it changed its logits/,
    ],
    ['cross_entropy_with_grad=both, in_place=True', 'held'],
    ['cross_entropy_with_grad=pair', 'held'],
    ['cross_entropy_with_grad=scaled, in_place=True', 'held'],
    ['cross_entropy_with_grad=scaled_first, in_place=True', 'held'],
    [
      'cross_entropy_with_grad=both, in_place=True, options={"cross_entropy_with_grad": ["reduction"]}',
      /crossEntropy/,
    ],
    ['cross_entropy_with_grad=lambda x, targets: (both(x.copy(), targets), x)', /crossEntropyGrad\//],
    ['cross_entropy=loss, layouts={"cross_entropy": ["inner"]}', 'held'],
    [
      'cross_entropy=loss_of_rows, layouts={"cross_entropy": ["inner"]}',
      /crossEntropy\/invariance\/layout .* not along the middle of/,
    ],
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
