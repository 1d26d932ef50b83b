import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { UserError } from '../text/errors.ts';
import { explainFailure, explainStrayFailure } from './failure.ts';

describe('explainFailure', () => {
  it('should print what the user can mend without a stack, the hint on a line of its own', () => {
    expect(explainFailure(new UserError('it is wrong', 'Mend it.'))).toEqual({
      text: 'softmax-fuzz: it is wrong\nMend it.\n',
      exitCode: 2,
    });
    expect(explainFailure(new UserError('it is wrong')).text).toBe('softmax-fuzz: it is wrong\n');
  });

  it('should leave to commander what commander has printed', () => {
    expect(explainFailure(new CommanderError(0, 'commander.help', ''))).toEqual({ text: '', exitCode: 0 });
    expect(explainFailure(new CommanderError(1, 'commander.unknownOption', ''))).toEqual({
      text: '',
      exitCode: 2,
    });
  });

  it('should lay what the file system refuses to the user, with the path', () => {
    const refused = (() => {
      try {
        return readFileSync(`${import.meta.filename}/x`);
      } catch (error) {
        return error;
      }
    })();
    const { text, exitCode } = explainFailure(refused);
    expect(exitCode).toBe(2);
    expect(text).toMatch(/^softmax-fuzz: .*failure.test.ts\/x: ENOTDIR: [^\n]*\n$/);
  });

  it('should call anything else a bug, with its stack', () => {
    const { text, exitCode } = explainFailure(new RangeError('Invalid typed array length'));
    expect(exitCode).toBe(70);
    expect(text).toMatch(/^softmax-fuzz: this is a bug .*\nRangeError: Invalid typed array length\n +at /);
    expect(explainFailure(Symbol('x')).text).toMatch('\nSymbol(x)\n');
  });
});

describe('explainStrayFailure', () => {
  it('should not call it a bug of anybody', () => {
    const { text, exitCode } = explainStrayFailure(new Error('timer'));
    expect(exitCode).toBe(70);
    expect(text).toMatch(/^softmax-fuzz: an error outside of any call, .*\nError: timer\n +at /);
  });
});
