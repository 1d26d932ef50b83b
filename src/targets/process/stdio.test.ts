import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Outcome, runHere, temporaryFolders } from '../../../properties/support/command.ts';

const root = join(import.meta.dirname, '../../..');
const program = join(root, 'properties/support/program.mjs');
const temporaryFolder = temporaryFolders();

/** Runs the command with a program at its pipes, as if that had started it. `stdout` is what is left of it beside frames: nothing. */
function runWith(mode: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const tool = spawn(process.execPath, [join(root, 'dist/cli/main.js'), ...args], {
      cwd: temporaryFolder(),
    });
    const other = spawn(process.execPath, [program, mode], { stdio: ['pipe', 'pipe', 'ignore'] });
    tool.stdout.pipe(other.stdin);
    other.stdout.pipe(tool.stdin);
    for (const pipe of [tool.stdin, other.stdin]) pipe.on('error', () => {});
    let stderr = '';
    tool.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    tool.on('error', reject).on('close', (code) => {
      other.kill();
      resolve({ code, stdout: '', stderr });
    });
  });
}

const few = ['--seed', '1', '--runs', '3', '--rows', '1', '--quiet'];

describe.concurrent('stdio:', () => {
  it('should ask the program that started it, and tell on stderr what it does wrong, and what is to be run again', async () => {
    const { code, stderr } = await runWith('good', [
      ...['fuzz', 'stdio:./again.sh x', '--ops', 'softmax', '--cols', '2'],
      ...few,
    ]);
    expect(stderr).toMatch(/^FAIL {2}program: softmax\/out-of-range\/ordinary {2}/);
    expect(stderr).toMatch('\n  Replay      ./again.sh x\n');
    expect(stderr).toMatch(/report: reports\/latest\/index\.html\n$/);
    expect(code).toBe(1);
  });

  it('should end as by Ctrl-C when it is gone', async () => {
    const { code } = await runWith('wild', [
      'fuzz',
      'stdio:',
      '--cols',
      '3',
      '--seed',
      '1',
      '--runs',
      '9999',
    ]);
    expect(code).toBe(130);
  });

  it.each([
    ['odd', "softmax-fuzz: target stdio: there is no operation 'sofmax'; did you mean softmax?"],
    ['chatty', "softmax-fuzz: target stdio: it wrote 'loading the model' before its greeting"],
    ['brief', 'softmax-fuzz: target stdio: it ended before its greeting (stdin ended)'],
  ])('should refuse one that is %s', async (mode, message) => {
    const { code, stderr } = await runWith(mode, ['fuzz', 'stdio:', ...few]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('should be of one process', async () => {
    const { code, stderr } = await runHere(['sweep', 'stdio:'], { cwd: temporaryFolder() });
    expect([code, stderr]).toEqual([
      2,
      'softmax-fuzz: target stdio: is of one process, and a sweep of many\nUse `softmax-fuzz fuzz`.\n',
    ]);
  });
});
