/** The package @huggingface/transformers: its `softmax` and `log_softmax` of one row. */
import { importPackage } from '../package.ts';
import { adaptFunction, type ForeignFunction } from '../signature.ts';
import type { Adapted } from './adapted.ts';
import { installing } from './onnxruntime-node.ts';

const NAME = '@huggingface/transformers';

/**
 * The adapter. Rows are Float32Arrays, as its own pipelines pass them. The steps are in FP64, the answers and the softmax's
 * exponentials rounded to FP32: `strict`, but that the logarithm is of the whole sum, not log1p of what the maximum leaves.
 */
export async function transformers(owner: string): Promise<Adapted> {
  const { softmax, log_softmax } = (await importPackage(
    owner,
    NAME,
    ['softmax', 'log_softmax'],
    installing(NAME),
  )) as Record<'softmax' | 'log_softmax', ForeignFunction>;
  const kernel = {
    ...adaptFunction(softmax, 'softmax', ['row']),
    ...adaptFunction(log_softmax, 'logSoftmax', ['row']),
  };
  return { kernel, declaration: { profile: 'default' } };
}
