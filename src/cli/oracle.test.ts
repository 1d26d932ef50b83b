import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand, temporaryFolders } from '../../properties/support/command.ts';

const cwd = temporaryFolders()();

/** What `softmax-fuzz oracle` prints, when all is well. */
async function answer(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand(['oracle', ...args], { cwd, input });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

describe.concurrent('softmax-fuzz oracle', () => {
  it('should take negative numbers, infinities and words for logits', async () => {
    const text = await answer(['1000', '1', '-1000', '-inf', '-1e-3', '42b20000', '0x40000000']);
    expect(text).toMatch(/^softmax\(\[1000, 1, -1000, -Infinity, -0\.001, 89, 2\]\)\n/);
    expect(text).toMatch(
      /\nlogSumExp\(.*\n.*\n +1000 +1000 447a0000 +999\.99994 4479ffff +1000\.00006 447a0001\n$/,
    );
    expect(text).not.toMatch('crossEntropy');
    expect(await answer(['-104'])).toMatch(/^softmax\(\[-104\]\)\n.*\n +1 +1 3f800000 /);
  });

  it('should answer the losses of several rows, the article’s', async () => {
    const rows = '2 1 0.1 / 1000 1 -1000 / 3 2 1'.split(' ');
    const text = await answer([...rows, '--targets', '0,2,1']);
    expect(text).toMatch(
      /\ncrossEntropy\(\[\[2, 1, 0\.1\], \[1000, 1, -1000\], \[3, 2, 1\]\], targets \[0, 2, 1\]\)\n.*\n +667\.27487866028969614 +667\.2749 4426d198 /,
    );
  });

  it('should answer a request from a file', async () => {
    writeFileSync(join(cwd, 'request.json'), '{"rows":2,"cols":1,"logits":["42b20000","c2d00000"]}\n');
    expect(await answer(['--input', 'request.json'])).toMatch(/^softmax\(\[\[89\], \[-104\]\]\)\n/);
  });

  it('should answer a line for each line that is not empty', async () => {
    const lines = [
      '{"rows":1,"cols":1,"logits":["42b20000"],"targets":[0]}',
      '',
      '  ',
      '{"rows":1,"cols":1,"logits":["c2d00000"]}',
    ];
    expect(
      (await answer(['--jsonl'], lines.join('\r\n')))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        softmax: ['3f800000'],
        logSoftmax: ['00000000'],
        logSumExp: ['42b20000'],
        crossEntropy: '00000000',
        crossEntropyGrad: ['00000000'],
      },
      { softmax: ['3f800000'], logSoftmax: ['00000000'], logSumExp: ['c2d00000'] },
    ]);
    expect(await answer(['--jsonl'], '')).toBe('');
  });

  it('should name the line that is wrong, after the answers before it', async () => {
    const good = '{"rows":1,"cols":1,"logits":["42b20000"]}';
    const input = [good, '', '{"rows":1,"cols":1,"logits":["42b2000"]}', good].join('\n');
    const { code, stdout, stderr } = await runCommand(['oracle', '--jsonl'], { cwd, input });
    expect(code).toBe(2);
    expect(stdout.split('\n')).toEqual([expect.stringContaining('"logSumExp":["42b20000"]'), '']);
    expect(stderr).toBe(
      "softmax-fuzz: line 3, at logits.0: '42b2000' is not a word: expected 8 hex digits, like 42b20000, or 4 of a 16-bit format\n",
    );
  });
});
