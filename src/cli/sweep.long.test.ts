import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, forgetful, runCommand, temporaryFolders } from '../../properties/support/command.ts';
import { explainFailure } from './failure.ts';
import { createProgram } from './program.ts';

const temporaryFolder = temporaryFolders();

/** A folder of a user's with one kernel in it. */
function folderWith(source: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'mine.mjs'), source);
  return folder;
}

/** Runs `sweep` in `cwd`. */
function run(cwd: string, ...args: string[]) {
  return runCommand(['sweep', ...args], { cwd });
}

describe.concurrent('softmax-fuzz sweep', () => {
  it('should clear the stable kernel, the same whatever the workers', async () => {
    const cwd = temporaryFolder();
    const args = ['stable', '--stride', '262144', '--json'];
    const [one, two] = await Promise.all(
      ['1', '2'].map((n) => run(cwd, ...args, '-', '--workers', n, '--reports', `of-${n}`)),
    );
    expect([one.code, one.stderr]).toEqual([0, '']);
    expect(two).toEqual(one);
    expect(JSON.parse(one.stdout)).toMatchObject({
      target: 'stable',
      verdict: 'held',
      words: 16_360,
      faults: [],
    });
    expect(filesIn(join(cwd, 'of-1'))).toEqual(filesIn(join(cwd, 'of-2')));
    expect(readdirSync(join(cwd, 'of-1/sweep/stable-softmax/blocks'))).toHaveLength(255);
  });

  it('should show where a softmax that forgets the max goes wrong, and fail', async () => {
    const cwd = folderWith(forgetful);
    const { code, stdout, stderr } = await run(
      cwd,
      './mine.mjs',
      '--stride',
      '262144',
      '--workers',
      '1',
      '--json',
      'out.json',
    );
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^FAIL {2}softmax\/nan\/exp-overflow/m);
    expect(stdout).toMatch(/^ {4}x from 88\.72284 \(42b17218\) to 3\.4028235e\+38 \(7f7fffff\): /m);
    expect(stdout).toMatch(/^mine: FALSIFIED$/m);
    expect(JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8'))).toMatchObject({ verdict: 'falsified' });
  });

  it('should visit every number of a 16-bit format, and show its words', async () => {
    const half = `
export const target = { format: { logits: 'bf16', answer: 'fp32' } };
export function softmax(words) {
  const x = Array.from(words, (word) => new Float32Array(Uint32Array.of(word * 65536).buffer)[0]);
  return Float32Array.from(x, (each, k) => (each === 3.5 ? 2 : 1 / (1 + Math.exp(x[k ^ 1] - each))));
}`;
    const cwd = folderWith(half);
    const { code, stdout, stderr } = await run(cwd, './mine.mjs', '--json', 'out.json');
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^ {2}65,283 words, bf16 logits, fp32 answers, profile default$/m);
    expect(stdout).toMatch(
      /^FAIL {2}softmax\/out-of-range\/ordinary {2}\(2 answers\)\n.*\n {4}x = 3\.5 \(4060\): 1$/m,
    );
    expect(stdout).toMatch(/^ {16}answered 2 \(40000000\), nearest 0\.97068775 \(3f787efe\)$/m);
    expect(JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8'))).toMatchObject({
      formats: { logits: 'bf16', answer: 'fp32' },
      from: 'ff80',
      to: '7fc0',
      words: 65_283,
    });
  });

  it('should go on where it was interrupted, to the same end', async () => {
    const slow = forgetful
      .replace('export function', 'export async function')
      .replace('{', '{ await new Promise((resolve) => setTimeout(resolve, 6));');
    const cwd = folderWith(slow);
    const args = ['./mine.mjs', '--stride', '1048576', '--workers', '2', '--json', 'out.json'];
    const blocks = (): string[] => filesIn(cwd).filter((file) => /blocks.\d+\.json$/.test(file));
    const first = await runCommand(['sweep', ...args], { cwd, interruptOnce: () => blocks().length > 0 });
    expect([first.code, first.stdout]).toEqual([130, '']);
    expect(first.stderr).toBe('softmax-fuzz: interrupted; --resume goes on\n');
    const kept = blocks().length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(255);

    const second = await run(cwd, ...args, '--resume');
    expect([second.code, second.stderr]).toEqual([1, '']);
    const whole = folderWith(forgetful);
    await run(whole, ...args);
    expect(readFileSync(join(cwd, 'out.json'), 'utf8')).toBe(readFileSync(join(whole, 'out.json'), 'utf8'));
  });

  it.each([
    [
      'throws',
      `() => { throw new Error('no GPU'); }`,
      'softmax-fuzz: mine gave no answer to softmax of 4096 rows of two logits: Error: no GPU\n',
    ],
    [
      'ends its process',
      '() => process.exit(3)',
      'mine: how its functions are called was not found out, they are called as the contract has it: target ./mine.mjs: it ended before its greeting (exit code 3)\nsoftmax-fuzz: a process of the target ended\n',
    ],
  ])('should say so when a kernel %s', async (_, kernel, message) => {
    const { code, stdout, stderr } = await run(
      folderWith(`export const softmax = ${kernel};`),
      './mine.mjs',
      '--workers',
      '1',
    );
    expect([code, stdout, stderr]).toEqual([2, '', message]);
  });

  it.each([
    [['--from', '7f800000'], /Expected the 8 hex digits of a finite FP32 word, like 42b20000\./],
    [['--to', 'c2d'], /Expected the 8 hex digits/],
    [['--stride', '0'], /Expected an integer of at least 1\./],
    [['--op', 'crossEntropy'], /Allowed choices are softmax, logSoftmax, logSumExp\./],
    [['--from', '3f800000', '--to', 'bf800000'], /--from is above --to/],
    [['--profile', 'stric'], /did you mean strict\?/],
    [['--stride', '2'], /target stable@fp16 has logits of fp16, all of which a sweep visits/, 'stable@fp16'],
  ])('should refuse %j', async (args, message, target = 'stable') => {
    const program = createProgram();
    let text = '';
    for (const command of program.commands) {
      command.configureOutput({
        writeErr: (part) => {
          text += part;
        },
      });
    }
    const failure = await program
      .parseAsync(['sweep', target, ...args], { from: 'user' })
      .catch((error) => error);
    expect(explainFailure(failure).exitCode).toBe(2);
    expect(text + explainFailure(failure).text).toMatch(message);
  });
});
