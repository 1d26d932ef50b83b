/** The package @huggingface/transformers: its `softmax` and `log_softmax` of one row. */
import { importPackage } from '../package.ts';
import { adaptFunction, type ForeignFunction } from '../signature.ts';
import type { Adapted } from './adapted.ts';

/** The adapter. Rows are Float32Arrays, as its own pipelines pass them. */
export async function transformers(owner: string): Promise<Adapted> {
  const { softmax, log_softmax } = (await importPackage(owner, '@huggingface/transformers', [
    'softmax',
    'log_softmax',
  ])) as Record<'softmax' | 'log_softmax', ForeignFunction>;
  const kernel = {
    ...adaptFunction(softmax, 'softmax', ['row']),
    ...adaptFunction(log_softmax, 'logSoftmax', ['row']),
  };
  return { kernel, declaration: { profile: 'strict' } };
}
