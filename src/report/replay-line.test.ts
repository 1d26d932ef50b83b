import { describe, expect, it } from 'vitest';
import { recordedOf } from '../../properties/support/findings.ts';
import { replayLine } from './replay-line.ts';

const line = (name: string, specifier: string, file = 'reports/a.json') =>
  replayLine({ ...recordedOf({ target: { name, specifier } }), file });

describe('replayLine', () => {
  it('should name every target again but the built-in ones', () => {
    expect(line('naive', 'naive')).toBe('npx softmax-fuzz replay reports/a.json');
    expect(line('naive', './naive.mjs')).toBe('npx softmax-fuzz replay reports/a.json --target ./naive.mjs');
    expect(line('./a.mjs', './a.mjs')).toBe('npx softmax-fuzz replay reports/a.json --target ./a.mjs');
    expect(line('k#f', '../k.mjs#f')).toBe('npx softmax-fuzz replay reports/a.json --target ../k.mjs#f');
  });

  it('should be what runs a test again that started the command, on one line', () => {
    expect(line('f', "stdio:pytest 't.py::test_f[softmax]'")).toBe("pytest 't.py::test_f[softmax]'");
    expect(line('f', 'stdio:a\n\x1b[31mb')).toBe(`a "$(printf '\\033\\13331mb')"`);
    expect(line('f', "stdio:it's\n")).toBe("it's");
    expect(line('f', 'stdio:')).toBe('npx softmax-fuzz replay reports/a.json --target stdio:');
  });

  it('should quote what a shell would read otherwise', () => {
    expect(line('x', "./it's $HOME.mjs", 'my reports/a.json')).toBe(
      `npx softmax-fuzz replay 'my reports/a.json' --target './it'\\''s $HOME.mjs'`,
    );
    expect(line('x', './a  b\n.mjs', '-x/a.json')).toBe(
      `npx softmax-fuzz replay ./-x/a.json --target "$(printf './a\\040\\040b\\012.mjs')"`,
    );
  });
});
