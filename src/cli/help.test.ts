import { describe, expect, it } from 'vitest';
import { createProgram } from './program.ts';

/** What a command line prints on a terminal of 80 columns. */
async function outputOf(...args: string[]): Promise<string> {
  const program = createProgram();
  let text = '';
  for (const command of [program, ...program.commands]) {
    command.configureOutput({
      writeOut: (part) => {
        text += part;
      },
      getOutHelpWidth: () => 80,
    });
  }
  await expect(program.parseAsync(args, { from: 'user' })).rejects.toMatchObject({ exitCode: 0 });
  return text;
}

describe('--help', () => {
  it.each(['', 'fuzz', 'replay', 'minimize', 'power', 'report', 'oracle', 'sweep', 'targets', 'init'])(
    'should explain %s',
    async (command) => {
      await expect(await outputOf(...command.split(' ').filter(Boolean), '--help')).toMatchFileSnapshot(
        `snapshots/${command || 'softmax-fuzz'}.txt`,
      );
    },
  );

  it('should fit into 80 columns', async () => {
    for (const command of createProgram().commands) {
      const lines = (await outputOf(command.name(), '--help')).split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });
});

describe('--version', () => {
  it('should be that of the package', async () => {
    expect(await outputOf('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
