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

  it('should answer with options', async () => {
    const valuesOf = async (operation: string, ...args: string[]): Promise<string[]> => {
      const [, table] =
        new RegExp(`(?:^|\\n)${operation}\\(.*\\n.*\\n((?: +.*\\n)+)`).exec(await answer(args)) ?? [];
      return table
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/).at(-4) ?? line);
    };
    const third = '0.33333333333333333333';
    expect(await valuesOf('softmax', '0', '7', '0', '--mask', '1,0,1', '--sink', '0')).toEqual([
      third,
      '0',
      third,
    ]);
    expect(await valuesOf('logSumExp', '1', '/', '2', '--scale', '-2', '--sink', '-inf,-4')).toEqual([
      '-2',
      '-3.3068528194400546906',
    ]);
    expect(await valuesOf('logSumExp', '1e30', '0', '--softcap', '30', '--bias', '1,-inf')).toEqual(['31']);
    const gradient = await valuesOf('softmaxGrad', '0', '0', '--upstream', '1,0', '--scale', '2');
    expect(gradient).toEqual(['0.5', '-0.5']);
  });

  it('should answer a request with options as the command line does', async () => {
    const options = {
      scale: '3f000000',
      softcap: '41f00000',
      bias: ['00000000', 'bf800000'],
      mask: '11',
      sink: ['00000000'],
    };
    const request = JSON.stringify({ rows: 1, cols: 2, logits: ['3f800000', '40000000'], options });
    writeFileSync(join(cwd, 'options.json'), request);
    const line = '1 2 --scale 0.5 --softcap 30 --bias 0,-1 --mask 1,1 --sink 0';
    const text = await answer(line.split(' '));
    expect((await answer(['--input', 'options.json'])).replaceAll('sink [0]', 'sink 0')).toBe(text);
    const { logSumExp } = JSON.parse(await answer(['--jsonl'], request));
    expect(text).toContain(logSumExp[0]);
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
