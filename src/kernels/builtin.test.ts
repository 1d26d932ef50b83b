import { describe, expect, it } from 'vitest';
import { operationsOf } from '../core/kernel.ts';
import { operations } from '../core/operation.ts';
import { builtinKernels } from './builtin.ts';

describe('builtinKernels', () => {
  it.each(Object.entries(builtinKernels))('should implement every operation: %s', (_name, { kernel }) => {
    expect(operationsOf(kernel)).toEqual(operations);
  });
});
