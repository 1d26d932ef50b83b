/** The option of commands that read batches. */
import { Option } from 'commander';
import { MOST_LOGITS } from '../../core/batch.ts';
import { logitCount } from '../options.ts';

/** What it gives. */
export interface MaxLogitsFlag {
  readonly maxLogits: number;
}

/** `--max-logits`: what a batch that is read may have, as a few bytes may announce gigabytes. */
export function maxLogitsOption(): Option {
  return new Option('--max-logits <n>', 'the most logits that a batch in a file may have')
    .argParser(logitCount)
    .default(MOST_LOGITS);
}
