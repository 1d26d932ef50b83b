import { describe, expect, it } from 'vitest';
import { UserError } from '../text/errors.ts';
import { importPackage } from './package.ts';

describe('importPackage', () => {
  it('should give what a package exports', async () => {
    const { Decimal } = (await importPackage('it', 'decimal.js', ['Decimal'])) as { Decimal: unknown };
    expect(Decimal).toBeTypeOf('function');
  });

  it('should say what a package lacks', async () => {
    const error = await importPackage('target npm:x', 'decimal.js', ['Decimal', 'softmax']).catch(
      (reason: UserError) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toBe("target npm:x: the package decimal.js has no export 'softmax'");
  });

  it('should say how to get a package that is not there', async () => {
    const error = await importPackage('target npm:x', 'no-such-package', [], 'Install it so.').catch(
      (e) => e,
    );
    expect(error).toBeInstanceOf(UserError);
    expect([(error as UserError).message, (error as UserError).hint].join('\n')).toMatch(
      /^target npm:x: there is no package no-such-package here: .*\nInstall it so\.$/,
    );
  });
});
