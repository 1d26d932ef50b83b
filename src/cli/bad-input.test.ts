import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesIn, forgetful, runHere, temporaryFolders } from '../../properties/support/command.ts';
import { findingOf } from '../../properties/support/findings.ts';
import { toFindingFile } from '../record/finding-file.ts';

const cwd = temporaryFolders()();
const finding = toFindingFile(findingOf());
const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const writeJson = (name: string, value: object) => write(name, JSON.stringify(value));

/** Options that no target can have. */
const misdeclared = {
  'no-option': "{ softmax: ['scael'] }",
  'no-operation': "{ sofmax: ['scale'] }",
  'no-number': '{ softmax: { scale: NaN } }',
  'no-cap': '{ softmax: { softcap: 0 } }',
  'no-shape': '{ softmax: { mask: [1, 0] } }',
  'no-list': "['scale']",
  'no-temperature': '{ softmax: { temperature: 0 } }',
  'no-inverse': '{ softmax: { temperature: 1e-40 } }',
};

let files: readonly string[];
beforeAll(() => {
  write('my-softmax.mjs', forgetful);
  write('nothing.mjs', 'export const softMax = (x) => x;');
  write('broken.mjs', 'export function softmax( {\n');
  mkdirSync(join(cwd, 'plain'));
  write('plain/kernel.js', forgetful);
  writeJson('plain/package.json', { type: 'commonjs' });
  write('misdeclared.mjs', `${forgetful}export const target = { profil: 'default' };`);
  write(
    'executed.mjs',
    `import { mkdirSync, writeFileSync } from 'node:fs';\nwriteFileSync('executed', '');\n${forgetful}`,
  );
  write('not.json', '{"rows":1,');
  write('words.txt', '42b20000 89\n');
  writeJson('short.json', { rows: 1, cols: 2, logits: ['42b2000', '00000000'] });
  writeJson('request.json', { rows: 1, cols: 1, logits: ['42b20000'] });
  writeJson('gigabytes.json', { rows: 1, cols: 1, logits: ['00000000*268435456'] });
  writeJson('wide.json', {
    rows: 2,
    cols: 2,
    logits: ['00000000*4'],
    options: { bias: ['00000000*16777217'] },
  });
  writeJson('many-calls.json', {
    ...finding,
    before: Array(17).fill({
      operation: 'softmax',
      input: { rows: 1, cols: 2 ** 20, logits: ['00000000*1048576'] },
    }),
  });
  writeJson('long.json', { rows: 1, cols: 2, logits: ['42b20000'] });
  writeJson('target.json', { rows: 1, cols: 1, logits: ['42b20000'], targets: [1] });
  writeJson('finding.json', { ...finding, target: { name: 'executed', specifier: './executed.mjs' } });
  writeJson('scaled.json', { ...finding, input: { ...finding.input, options: { scale: '3f000000' } } });
  writeJson('not-capped.json', { ...finding, input: { ...finding.input, options: { softcap: '00000000' } } });
  writeJson('masked.json', { ...finding, input: { ...finding.input, options: { mask: '101' } } });
  const request = { rows: 1, cols: 1, logits: ['42b20000'] };
  writeJson('scaled-request.json', { ...request, options: { scale: '3f000000' } });
  writeJson('misspelt.json', { ...request, options: { scael: '3f000000' } });
  writeJson('plain-number.json', { ...request, options: { scale: 0.5 } });
  writeJson('not-scaled.json', { ...request, options: { scale: '7fc00000' } });
  for (const [name, options] of Object.entries(misdeclared))
    write(`${name}.mjs`, `${forgetful}export const target = { options: ${options} };`);
  writeJson('newer.json', { ...finding, schemaVersion: 3 });
  writeJson('other.json', { ...finding, operation: 'logSumExp' });
  writeJson('huge.json', { ...finding, input: { rows: 1e12, cols: 1, logits: [] } });
  mkdirSync(join(cwd, 'reports/regressions'), { recursive: true });
  writeJson('reports/regressions/one.json', { ...finding, id: 'abcd0001' });
  writeJson('reports/regressions/two.json', { ...finding, id: 'abcd0002' });
  files = filesIn(cwd);
});

/** A command line and the message that it earns, each of them whole. */
const mistakes: readonly (readonly [command: string, message: string])[] = [
  ['oracle --input not.json', 'softmax-fuzz: not.json is not JSON: '],
  [
    'oracle --input short.json',
    "softmax-fuzz: short.json, at logits.0: '42b2000' is not a word: expected 8 hex digits, like 42b20000, or 4 of a 16-bit format\n",
  ],
  ['oracle --input long.json', 'softmax-fuzz: long.json: 1 logits do not fill 1 x 2: expected 2\n'],
  [
    'oracle --input target.json',
    'softmax-fuzz: target.json: the target of row 0 is 1: expected a class index from 0 to 0\n',
  ],
  [
    'oracle --input gigabytes.json',
    'softmax-fuzz: gigabytes.json: there are 268435456 values in an array: at most 16777216 are read\nWhere that is meant, --max-logits 268435456 reads them.\n',
  ],
  [
    'minimize wide.json --target stable',
    'softmax-fuzz: wide.json: there are 16777217 values in an array: at most 16777216 are read\n',
  ],
  [
    'oracle --input wide.json --max-logits 16777217',
    'softmax-fuzz: wide.json: bias has 16777217 values for 2 x 2 logits: expected 4, or 2 for all rows\n',
  ],
  [
    'oracle --input long.json --max-logits 268435457',
    "softmax-fuzz: option '--max-logits <n>' argument '268435457' is invalid. Expected an integer from 1 to 268435456.\n",
  ],
  [
    'replay many-calls.json',
    'softmax-fuzz: many-calls.json: there are 17825792 values in an array: at most 16777216 are read\n',
  ],
  ['oracle --input /dev/zero', 'softmax-fuzz: cannot read /dev/zero: it is neither a file nor a pipe\n'],
  ['oracle --input none.json', 'softmax-fuzz: cannot read none.json: ENOENT: no such file or directory\n'],
  [
    'oracle 1 42b2000',
    "softmax-fuzz: '42b2000' is neither a number nor an FP32 word\nA word has exactly 8 hex digits, like 42b20000.\n",
  ],
  ['oracle 1 2 / 3', 'softmax-fuzz: row 1 has 1 logits, row 0 has 2\n'],
  ['oracle 1 2 --targets 2', 'softmax-fuzz: the target of row 0 is 2: expected a class index from 0 to 1\n'],
  ['oracle 1 2 --targets 0,1', 'softmax-fuzz: 2 targets for 1 rows: expected one a row\n'],
  ['oracle', 'softmax-fuzz: no logits were given\nTry: softmax-fuzz oracle 1000 1 -1000\n'],
  ['oracle 1 --jsonl', 'softmax-fuzz: logits are given on the command line and by --jsonl\n'],
  [
    'oracle --jsonl --input short.json',
    "softmax-fuzz: option '--jsonl' cannot be used with option '--input <file>'\n",
  ],
  ['oracle 1 2 --scale nan', 'softmax-fuzz: scale is NaN: expected a number that is finite in FP32\n'],
  ['oracle 1 2 --softcap 0', 'softmax-fuzz: softcap is 0: expected a number above 0\n'],
  [
    'oracle 1 2 --targets 0 --class-weights 1',
    'softmax-fuzz: classWeights has 1 values for 2 classes: expected one a class\n',
  ],
  [
    'oracle 1 2 --targets 0 --class-weights 1,-2',
    'softmax-fuzz: classWeights has -2 at 1: expected finite FP32 values of at least 0\n',
  ],
  [
    'oracle 1 2 --targets 0 --label-smoothing 1.5',
    'softmax-fuzz: labelSmoothing is 1.5: expected a number from 0 to 1\n',
  ],
  [
    'oracle 1 2 --probabilities nan,1',
    'softmax-fuzz: probabilities has NaN at 0: expected finite FP32 values of at least 0\n',
  ],
  [
    'oracle 1 2 --targets 0 --reduction maen',
    "softmax-fuzz: there is no reduction 'maen'; did you mean mean?\nThe reductions are: mean, sum, none.\n",
  ],
  [
    'fuzz stable --semantics pytroch',
    "softmax-fuzz: there is no library 'pytroch'; did you mean pytorch?\nThe libraries are: pytorch, onnx, liger, jax, keras, tfjs, megatron.\n",
  ],
  [
    'oracle 1 2 --targets 3 --ignore-index -1',
    'softmax-fuzz: the target of row 0 is 3: expected a class index from 0 to 1\n',
  ],
  ['oracle 1 2 --mask 1', 'softmax-fuzz: mask has 1 values for 1 x 2 logits: expected 2\n'],
  ['oracle 1 2 --mask 1,2', 'softmax-fuzz: mask has 2 at 1: expected 1 for a logit that takes part, or 0\n'],
  [
    'oracle 1 2 / 3 4 --bias 0,1,2',
    'softmax-fuzz: bias has 3 values for 2 x 2 logits: expected 4, or 2 for all rows\n',
  ],
  [
    'oracle 1 2 --bias inf,0',
    'softmax-fuzz: bias has Infinity at 0: expected finite FP32 values or -Infinity\n',
  ],
  [
    'oracle 1 2 --sink 0,1',
    'softmax-fuzz: sink has 2 values for 1 rows: expected one number, or one a row\n',
  ],
  ['oracle 1 2 --scael 2', "softmax-fuzz: unknown option '--scael'\n(Did you mean --scale?)\n"],
  [
    'oracle --input request.json --scale 2',
    "softmax-fuzz: option '--input <file>' cannot be used with option '--scale <x>'\n",
  ],
  [
    'oracle --input misspelt.json',
    "softmax-fuzz: misspelt.json, at options.scael: there is no option 'scael'; did you mean scale?\n",
  ],
  [
    'oracle --input plain-number.json',
    "softmax-fuzz: plain-number.json, at options.scale: '0.5' is not an FP32 word: expected 8 hex digits, like 42b20000\n",
  ],
  [
    'oracle --input not-scaled.json',
    'softmax-fuzz: not-scaled.json: scale is NaN: expected a number that is finite in FP32\n',
  ],
  [
    'fuzz ./no-option.mjs',
    "softmax-fuzz: target ./no-option.mjs: its options of softmax: there is no option 'scael'; did you mean scale?\nThe options are: ",
  ],
  [
    'fuzz ./no-operation.mjs',
    "softmax-fuzz: target ./no-operation.mjs: there is no operation 'sofmax'; did you mean softmax?\n",
  ],
  [
    'fuzz ./no-number.mjs',
    'softmax-fuzz: target ./no-number.mjs: its options of softmax: scale is NaN: expected a number that is finite in FP32\n',
  ],
  [
    'fuzz ./no-cap.mjs',
    'softmax-fuzz: target ./no-cap.mjs: its options of softmax: softcap is 0: expected a number above 0\n',
  ],
  [
    'fuzz ./no-shape.mjs',
    'softmax-fuzz: target ./no-shape.mjs: its options of softmax: mask is fixed, and the columns of its array are not\nDeclare cols too, or `mask: true`.\n',
  ],
  [
    'fuzz ./no-list.mjs',
    "softmax-fuzz: target ./no-list.mjs: its export target.options is wrong: expected the options of operations, like { softmax: ['scale', 'mask'] }\n",
  ],
  [
    'fuzz ./no-temperature.mjs',
    'softmax-fuzz: target ./no-temperature.mjs: its options of softmax: temperature is 0: expected a number above 0\n',
  ],
  [
    'fuzz ./no-inverse.mjs',
    'softmax-fuzz: target ./no-inverse.mjs: its options of softmax: temperature is 1e-40: expected a number from 2^-126 to 2^126, of which 1 / x is a normal number\n',
  ],
  ['fuzz --rnus 5', "softmax-fuzz: unknown option '--rnus'\n(Did you mean --runs?)\n"],
  ['fuz', "softmax-fuzz: unknown command 'fuz'\n(Did you mean fuzz?)\n"],
  [
    'fuzz stabel',
    "softmax-fuzz: there is no kernel 'stabel'; did you mean stable?\nThe kernels are: naive, stable, naive@fp16, stable@fp16, naive@bf16, stable@bf16.\n",
  ],
  [
    'fuzz --ops sofmax',
    "softmax-fuzz: there is no operation 'sofmax'; did you mean softmax?\nThe operations are: ",
  ],
  ['fuzz --profile defualt', "softmax-fuzz: there is no profile 'defualt'; did you mean default?\n"],
  [
    'fuzz --runs ten',
    "softmax-fuzz: option '--runs <n>' argument 'ten' is invalid. Expected an integer of at least 0.\n",
  ],
  [
    'fuzz --max-time 30',
    "softmax-fuzz: option '--max-time <duration>' argument '30' is invalid. Expected a duration",
  ],
  [
    'fuzz --timeout 0s',
    "softmax-fuzz: option '--timeout <duration>' argument '0s' is invalid. Expected a duration above 0, like 1s.\n",
  ],
  [
    'fuzz --rows 0',
    "softmax-fuzz: option '--rows <n>' argument '0' is invalid. Expected an integer from 1 to 100000.\n",
  ],
  [
    'fuzz --rows 100000 --cols 1000',
    'softmax-fuzz: a batch of 100000 x 1000 logits is too large: at most 10000000 fit\n',
  ],
  ['fuzz ./none.mjs', 'softmax-fuzz: target ./none.mjs: there is no file '],
  [
    'fuzz ./nothing.mjs',
    'softmax-fuzz: target ./nothing.mjs has nothing to judge: the module exports softMax\nExport at least one of softmax, ',
  ],
  [
    'fuzz ./my-softmax.mjs#row',
    "softmax-fuzz: target ./my-softmax.mjs#row has no function 'row': the module exports softmax\nExport at least one",
  ],
  [
    'fuzz ./broken.mjs',
    'softmax-fuzz: target ./broken.mjs does not load: SyntaxError: Unexpected end of input\n`node --check ./broken.mjs` may show where.\n',
  ],
  [
    'fuzz ./plain/kernel.js',
    `softmax-fuzz: target ./plain/kernel.js does not load: SyntaxError: Unexpected token 'export'\nNode takes it for CommonJS: name it kernel.mjs, or write "type": "module" into its package.json.\n`,
  ],
  [
    'fuzz ./misdeclared.mjs',
    "softmax-fuzz: target ./misdeclared.mjs: there is no declaration field 'profil'; did you mean profile?\n",
  ],
  [
    'fuzz wgsl:./softmax.wgsl --signature (row)',
    'softmax-fuzz: a signature is for a function of a module, and wgsl:./softmax.wgsl is none\n',
  ],
  ['fuzz cmd:', "softmax-fuzz: target cmd: names no program\nExpected 'cmd:program arguments'.\n"],
  [
    'fuzz cmd:./no-such-program',
    "softmax-fuzz: target cmd:./no-such-program: there is no program './no-such-program'\nExpected the path of",
  ],
  [
    'targets cmd:./my-softmax.mjs',
    "softmax-fuzz: target cmd:./my-softmax.mjs: './my-softmax.mjs' is not executable\nRun chmod +x",
  ],
  [
    'fuzz cmd:true',
    'softmax-fuzz: target cmd:true: it ended before its greeting (exit code 0)\nExpected a greeting',
  ],
  ['fuzz cmd:ls', "softmax-fuzz: target cmd:ls: it wrote 'broken.mjs executed.mjs "],
  [
    'fuzz --memory 4',
    "softmax-fuzz: option '--memory <size>' argument '4' is invalid. Expected a size like 512m",
  ],
  ['fuzz gpu:./kernel.cu', 'softmax-fuzz: target gpu:./kernel.cu: targets of this kind are not supported\n'],
  ['fuzz ./model.onnx', 'softmax-fuzz: target ./model.onnx is no ES module\nA model is onnx:./model.onnx.\n'],
  [
    'fuzz onnx:softmax --signature (row)',
    'softmax-fuzz: a signature is for a function of a module, and onnx:softmax is none\n',
  ],
  ['fuzz onnx:./model.onnx', 'softmax-fuzz: target onnx:./model.onnx: there is no file '],
  [
    'fuzz onnx:sofmax',
    "softmax-fuzz: target onnx:sofmax: there is no ONNX operation 'sofmax'; did you mean softmax?\nThe ONNX operations are: ",
  ],
  [
    'fuzz onnx:softmax@bf16',
    'softmax-fuzz: target onnx:softmax@bf16: there are no models of bf16\nonnxruntime-node has no tensors of bfloat16.',
  ],
  [
    'fuzz onnx:softmax@fp8',
    "softmax-fuzz: target onnx:softmax@fp8: there is no format 'fp8'\nThe formats are: fp32, fp16.",
  ],
  ['fuzz onnx:softmax', 'softmax-fuzz: target onnx:softmax: there is no package onnxruntime-node here: '],
  [
    'fuzz npm:@tensorflow/tfjs',
    'softmax-fuzz: target npm:@tensorflow/tfjs: there is no package @tensorflow/tfjs here: ',
  ],
  [
    'fuzz npm:package-x#export',
    'softmax-fuzz: target npm:package-x#export: there is no package package-x here: ',
  ],
  [
    'fuzz --baseline none.json',
    'softmax-fuzz: cannot read none.json: ENOENT: no such file or directory\nMake one: softmax-fuzz fuzz ./kernel.mjs --baseline baseline.json --update-baseline\n',
  ],
  ['fuzz --baseline not.json', 'softmax-fuzz: not.json is not JSON: '],
  [
    'fuzz --baseline finding.json',
    'softmax-fuzz: finding.json, at schemaVersion: expected 1, got 2\nMake one: ',
  ],
  [
    'fuzz ./my-softmax.mjs --signature softmax',
    "softmax-fuzz: the signature 'softmax' does not parse\nA signature is",
  ],
  [
    'fuzz stable --signature (row)',
    'softmax-fuzz: a signature is for a function of a module, and stable is none\n',
  ],
  [
    'fuzz --reports not.json/reports',
    'softmax-fuzz: cannot write to not.json/reports/latest/findings: ENOTDIR: not a directory\nChoose another folder with --reports DIR.\n',
  ],
  ['replay none.json', 'softmax-fuzz: there is no file none.json\n'],
  [
    'replay 0a1b2c3d',
    'softmax-fuzz: there is no finding 0a1b2c3d in reports/latest/findings or reports/minimized or reports/regressions\n',
  ],
  ['replay abcd', 'softmax-fuzz: abcd may be any of abcd0001, abcd0002\nGive more digits.\n'],
  ['replay not.json', 'softmax-fuzz: not.json is not JSON: '],
  ['replay short.json', 'softmax-fuzz: short.json, at schemaVersion: '],
  [
    'replay newer.json',
    'softmax-fuzz: newer.json is of schema version 3: this softmax-fuzz reads versions 1 and 2\nReplay it with the release',
  ],
  [
    'replay huge.json',
    'softmax-fuzz: huge.json, at input: 0 logits do not fill 1000000000000 x 1: expected 1000000000000\n',
  ],
  [
    'replay other.json --target ./my-softmax.mjs',
    'softmax-fuzz: my-softmax has no logSumExp\nIt offers softmax.\n',
  ],
  [
    'replay scaled.json --target ./my-softmax.mjs',
    "softmax-fuzz: my-softmax takes no scale in its softmax\nA target says what it takes: export const target = { options: { softmax: ['scale'] } };\n",
  ],
  [
    'replay not-capped.json --target ./my-softmax.mjs',
    'softmax-fuzz: not-capped.json, at input: softcap is 0: expected a number above 0\n',
  ],
  [
    'replay masked.json --target ./my-softmax.mjs',
    'softmax-fuzz: masked.json, at input: mask has 3 values for 1 x 1 logits: expected 1\n',
  ],
  [
    'minimize scaled-request.json --target ./my-softmax.mjs',
    'softmax-fuzz: my-softmax takes no scale in its softmax\n',
  ],
  [
    'replay finding.json',
    'softmax-fuzz: this finding is of executed, and only what the command line names is run\nAdd --target ./executed.mjs\n',
  ],
  ['minimize none.json --target naive', 'softmax-fuzz: there is no file none.json\n'],
  ['minimize not.json --target naive', 'softmax-fuzz: not.json is not JSON: '],
  [
    'minimize finding.json',
    'softmax-fuzz: this finding is of executed, and only what the command line names is run\nAdd --target ./executed.mjs\n',
  ],
  ['minimize request.json', 'softmax-fuzz: request.json names no target\nAdd --target ./my-softmax.mjs\n'],
  [
    'minimize words.txt --target naive',
    "softmax-fuzz: words.txt: '89' is not an FP32 word\nGive a finding's file, a request of `softmax-fuzz oracle --jsonl`, or words of 8 hex digits, like 42b20000.\n",
  ],
  [
    'minimize other.json --target ./my-softmax.mjs',
    'softmax-fuzz: my-softmax has no logSumExp\nIt offers softmax.\n',
  ],
];

describe('softmax-fuzz', () => {
  it.each(mistakes)('%s', async (command, message) => {
    const { code, stdout, stderr } = await runHere(command.split(' '), { cwd });
    expect(stderr.slice(0, message.length)).toBe(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect([code, stdout]).toEqual([2, '']);
    expect(filesIn(cwd)).toEqual(files);
  });
});
