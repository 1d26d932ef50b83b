import { describe, expect, it } from 'vitest';
import { parametersBehind } from './parameters.ts';

type Call = (...given: never[]) => unknown;

/** A function of this source, as a module has it. */
const written = (source: string): Call => new Function(`return ${source}`)() as Call;

describe('parametersBehind', () => {
  it.each([
    ['(x, { scale: s = 1, mask } = {}) => x', ['scale', 'mask'], true],
    ["(x, { 'mask': m, [x]: other }) => x", ['mask'], false],
    ['(x, { scale, ...rest }) => x', ['scale'], false],
    ['function (x, { scale }) { return arguments[2]; }', ['scale'], false],
    ['async function* named(x, { scale }) { yield x; }', ['scale'], true],
    ['({ softmax(x, { scale }) {} }).softmax', ['scale'], true],
    ['({ async "soft max"(x, { scale }) {} })["soft max"]', ['scale'], true],
    ['new (class { #own = 1; softmax(x, { scale }) { return this.#own; } })().softmax', ['scale'], true],
    ["(x, { scale } = '// { mask } /*') => /[)}]/.test(x)", ['scale'], true],
    ['(x) => x', [], true],
    ['x => x', [], true],
    ['(x, ...others) => others', [], false],
  ])('should have the fields that a parameter is taken apart into: %s', (source, fields, isWhole) => {
    expect(parametersBehind(written(source), 1)).toEqual({ names: [], fields, isWhole });
  });

  it.each([
    ['(x, o) => o.scale + o?.mask', ['scale', 'mask']],
    ['(x, o = {}) => o["scale"] + o[x] + x.mask', ['scale']],
    ['(x, o) => (o ?? {}).scale ?? (o || {}).mask', ['scale', 'mask']],
    [
      '(x, o) => { const { scale = 1, mask: m } = o ?? {}; let bias; ({ bias } = o); }',
      ['scale', 'mask', 'bias'],
    ],
    ['(x, $o) => [$o.scale, "$o.mask", /$o.sink/]', ['scale']],
    ['(x, o) => x(o)', []],
  ])('should have those that are read of it: %s', (source, fields) => {
    const behind = parametersBehind(written(source), 1);
    expect(behind?.names).toHaveLength(1);
    expect(behind?.fields).toEqual(fields);
    expect(behind?.isWhole).toBe(false);
  });

  it('should have the names of all that follow', () => {
    const { names } = parametersBehind(written('(x, first, second = 1, { third }) => x'), 1) ?? {};
    expect(names).toEqual(['first', 'second']);
    expect(parametersBehind(written('(x, { a }, b) => x'), 1)?.names).toEqual(['b']);
  });

  it.each([
    ['a native one', Math.max],
    ['a bound one', (() => 0).bind(null)],
    [
      'a class',
      class {
        softmax() {}
      },
    ],
  ])('should be null of %s', (_, call) => {
    expect(parametersBehind(call as unknown as Call, 1)).toBeNull();
  });
});
