/** The command line of `softmax-fuzz targets`. */
import { Command } from 'commander';
import { type ReachOptions, withReach } from '../reach.ts';
import { targetForms } from './target-forms.ts';

/** The command: what it takes. What it does is loaded where it is run. */
export function targetsCommand(): Command {
  return withReach(new Command('targets'))
    .description(
      'Shows what targets offer, how they do on three batches, and whether programs keep to the protocol: only what breaks it fails.',
    )
    .argument('[target...]', targetForms)
    .action(async (specifiers: string[], options: ReachOptions) => {
      const { runTargets } = await import('../targets.ts');
      return runTargets(specifiers, options);
    });
}
