import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, forgetful, runHere, temporaryFolders } from '../../properties/support/command.ts';
import { readFinding } from '../record/store.ts';

const temporaryFolder = temporaryFolders();
const request = '{"rows":2,"cols":2,"logits":["447a0000","3f800000","40400000","00000000"]}\n';

describe('softmax-fuzz minimize', () => {
  it('should shrink a request, write the finding beside the runs, and give the line that replays it', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'my-softmax.mjs'), forgetful);
    writeFileSync(join(cwd, 'request.json'), request);
    const { code, stdout, stderr } = await runHere(
      ['minimize', 'request.json', '--target', './my-softmax.mjs'],
      { cwd },
    );
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatchInlineSnapshot(`
      "finding 65fcd776: softmax/nan/exp-overflow, on my-softmax

      softmax([89])

      Expected  [1]  3f800000
      Got       [NaN]  7fc00000
      FAIL      softmax/nan/exp-overflow: output[0]: not comparable

      still fails, bit for bit as recorded.

      Found     saved request.json; met 1 time; shrunk from 2 x 2 in 23 tries
      File      reports/minimized/65fcd776.json
      Replay    npx softmax-fuzz replay reports/minimized/65fcd776.json --target ./my-softmax.mjs
      "
    `);
    expect(readFileSync(join(cwd, 'request.json'), 'utf8')).toBe(request);

    const line = /Replay +npx softmax-fuzz (replay .*)/.exec(stdout)?.[1].split(' ') ?? [];
    const again = await runHere(line, { cwd });
    expect([again.code, again.stderr]).toEqual([1, '']);
    expect(stdout.startsWith(again.stdout.trimEnd())).toBe(true);

    const id = /minimized\/(\w{8})/.exec(stdout)?.[1] ?? '';
    const twice = await runHere(['minimize', id, '--target', './my-softmax.mjs'], { cwd });
    expect(twice.code).toBe(1);
    expect(readFinding(join(cwd, `reports/minimized/${id}.json`)).found).toMatchObject({
      file: 'request.json',
    });
    expect(filesIn(join(cwd, 'reports/minimized'))).toEqual([`${id}.json`]);
  });

  it('should say that nothing is wrong, and write nothing', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'words.txt'), '42b20000 00000000\n');
    const { code, stdout } = await runHere(['minimize', 'words.txt', '--target', 'stable'], { cwd });
    expect([code, stdout]).toEqual([
      0,
      'nothing to minimize: stable passes (3 operations: softmax, logSoftmax, logSumExp).\n',
    ]);
    expect(filesIn(cwd)).toEqual(['words.txt']);
  });
});
