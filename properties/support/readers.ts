/** Everything that reads what somebody else has written, and goes on with it as commands do. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whole } from '../../src/campaign/explore/shard.ts';
import { fuzz } from '../../src/campaign/fuzz.ts';
import { batchOf } from '../../src/core/batch.ts';
import { semanticsOf } from '../../src/core/semantics.ts';
import { parseBaseline, sinceBaseline, withBaseline } from '../../src/record/baseline.ts';
import { withoutChecksum } from '../../src/record/checksum.ts';
import { parseFindingFile, toFindingFile } from '../../src/record/finding-file.ts';
import { parseGiven } from '../../src/record/given.ts';
import { startJournal } from '../../src/record/journal.ts';
import { toFinding } from '../../src/record/read-finding.ts';
import { replay } from '../../src/record/replay.ts';
import { answerLine, parseRequest } from '../../src/record/request.ts';
import { recordRun } from '../../src/record/run.ts';
import { mergeShards } from '../../src/record/shards.ts';
import { planOf } from '../../src/record/state-file.ts';
import { toHtml } from '../../src/report/html/page.ts';
import { inertRun } from '../../src/report/inert.ts';
import { toJsonText } from '../../src/report/json.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { formatReplay } from '../../src/report/replay-text.ts';
import { formatRun } from '../../src/report/run-text.ts';
import { sweepBlock } from '../../src/sweep/block.ts';
import { formatBlock, parseBlock } from '../../src/sweep/block-file.ts';
import { blocksOf, createPlan } from '../../src/sweep/plan.ts';
import { summarize, Unconfirmed } from '../../src/sweep/result.ts';
import { builtinTarget } from '../../src/targets/builtin.ts';
import { createTarget } from '../../src/targets/create.ts';
import { declarationInJson } from '../../src/targets/declaration.ts';
import { greetingOf } from '../../src/targets/process/connect.ts';
import {
  createFrameReader,
  emptyFrame,
  encodeFrame,
  frameTypes,
  HEADER_BYTES,
} from '../../src/targets/process/frame.ts';
import { UserError } from '../../src/text/errors.ts';
import { readJson } from '../../src/text/json.ts';
import { findingOf, resultWith } from './findings.ts';

/** One of them. */
export interface Reader {
  /** Texts as they should be, without the checksum by which a change would be refused at once: earlier versions wrote none. */
  readonly texts: readonly string[];
  /** Reads a text and does with it what a command does. @throws UserError when the text is not as it should be. */
  readonly read: (text: string) => unknown;
}

const stable = builtinTarget('stable');
const kernel = { softmax: (logits: Float32Array) => logits };
const source = 'file.json';
const noGpu = 'there is no GPU';

const findings = [
  findingOf(),
  findingOf({
    batch: { ...batchOf([[1, 2]], [1]), options: { scale: 0.5, mask: Uint8Array.of(1, 0) } },
    output: Float32Array.of(1, 0),
    expected: Float32Array.of(1, 0),
    before: [{ operation: 'softmax', batch: batchOf([[0, 0, 0]]) }],
    explanation: { values: 16, logits: [0], classes: 2, targets: [0], upstream: [], together: true },
    shows: ['softmax/nan/exp-overflow'],
  }),
].map((finding) => JSON.stringify(toFindingFile(finding)));

const requests = [
  { rows: 2, cols: 2, logits: ['42b20000', '00000000*3'], targets: [0, 1] },
  { rows: 1, cols: 2, format: 'bf16', logits: ['42b2', '0000'], upstream: ['3f80', '0000'], answer: 'fp32' },
  {
    rows: 1,
    cols: 2,
    logits: ['42b20000', '00000000'],
    targets: [1],
    options: { scale: '3f000000', mask: '10', bias: ['00000000', '3f800000'], sink: '00000000' },
  },
  {
    rows: 1,
    cols: 2,
    logits: ['42b20000', '00000000'],
    targets: [-100],
    options: { reduction: 'mean', ignoreIndex: -100, classWeights: ['3f800000', '3f000000'] },
    semantics: { divisor: 'rows' },
  },
].map((request) => JSON.stringify(request));

const declarations = [
  { name: 'mine', profile: 'default', known: ['softmax/*/exp-overflow <= 0.5'], rows: 2, cols: 3 },
  {
    format: { logits: 'bf16', answer: 'fp32' },
    options: { softmax: { scale: 0.125, mask: true, bias: [0, 1] } },
    cols: 2,
    semantics: 'pytorch',
  },
  { format: 'fp16', options: { softmax: ['scale'] }, layouts: ['inner'], maxRows: 4, nonFinite: false },
].map((declaration) => JSON.stringify(declaration));

const greetings = [
  { operations: ['softmax', 'logSumExp'], name: 'mine', known: [{ bucket: 'softmax/*', weight: 1 }] },
  { operations: ['softmax'], found: { notes: ['softmax is called'], readings: { softmax: ['row'] } } },
].map((greeting) => JSON.stringify(greeting));

const benchmark = [
  { operation: 'softmax', cells: [{ from: 0, to: null, cols: 2, mean: [0.5, 0.25], worst: [1, 2] }] },
] as const;
const ofBenchmark = [
  { operation: 'softmax', cells: [{ ...benchmark[0].cells[0], to: Number.POSITIVE_INFINITY }] },
] as const;
const baseline = {
  schemaVersion: 1,
  targets: [
    {
      name: 'mine',
      profile: 'default',
      findings: [{ bucket: 'softmax/nan/exp-overflow', worstWeight: 0.5, occurrences: 3 }],
      benchmark,
    },
  ],
};

/** Every reader, by its name; `folder` is an empty one. */
export async function createReaders(folder: string): Promise<Readonly<Record<string, Reader>>> {
  const campaign = { ...(await finishedCampaign(join(folder, 'campaign'))) };
  const plan = createPlan('logSumExp', 'sequential', {
    stride: 99_991,
    from: 2 ** 31,
    to: 2 ** 31 + 2 ** 22,
  });
  const blocks = await Promise.all(
    blocksOf(plan).map((block) => sweepBlock(builtinTarget('naive'), plan, block)),
  );
  return {
    finding: {
      texts: findings,
      async read(text) {
        const file = parseFindingFile(text, source);
        toFindingFile(toFinding(file));
        formatReplay(await replay(file, stable));
      },
    },
    'input of minimize': {
      texts: [...findings, ...requests],
      read: (text) => parseGiven(text, source),
    },
    request: {
      texts: requests,
      read: (text) => answerLine(parseRequest(text, source)),
    },
    baseline: {
      texts: [JSON.stringify(baseline)],
      read(text) {
        const parsed = parseBaseline(text, source);
        const result = { ...resultWith(), findings: [] };
        withBaseline(result.target, parsed);
        sinceBaseline(result, ofBenchmark, parsed);
      },
    },
    state: {
      texts: [withoutChecksum(readFileSync(campaign.state, 'utf8'), source, '')],
      read: (text) => campaign.readWith(campaign.state, text),
    },
    'shrunk finding': {
      texts: [withoutChecksum(readFileSync(campaign.shrunk, 'utf8'), source, '')],
      read: (text) => campaign.readWith(campaign.shrunk, text),
    },
    'block of a sweep': {
      texts: [withoutChecksum(formatBlock(blocks[0]), source, '')],
      read(text) {
        const [, ...others] = blocks;
        try {
          summarize(plan, [parseBlock(text, source, plan), ...others]);
        } catch (error) {
          if (!(error instanceof Unconfirmed)) throw error; // Told as a UserError by sweep.ts.
        }
      },
    },
    semantics: {
      texts: ['{"divisor":"rows","empty":"zero"}', '"jax"'],
      read: (text) => semanticsOf(readJson(text, source)),
    },
    declaration: {
      texts: declarations,
      read: (text) => createTarget('mine', kernel, declarationInJson(text, source)),
    },
    greeting: {
      texts: greetings,
      read(text) {
        const { declaration } = greetingOf({ ...emptyFrame, type: 0, text });
        createTarget('mine', kernel, declaration);
      },
    },
    frame: {
      texts: ['{"tensors":[{"name":"out","type":"f32","shape":[1,2]}],"message":"none"}'],
      read(text) {
        const json = Buffer.from(text);
        const header = encodeFrame({ ...emptyFrame, version: 2, type: frameTypes.answer });
        header.writeUInt32LE(json.length, 32);
        header.writeUInt32LE(8, 36);
        const refused = (detail: string): never => {
          throw new UserError(detail);
        };
        const { push } = createFrameReader({ onFrame: () => {}, onFault: refused });
        push(Buffer.concat([header.subarray(0, HEADER_BYTES), json, Buffer.alloc(8)]));
      },
    },
    'greeting that tells an error': {
      texts: [JSON.stringify({ message: noGpu, hint: 'Find one.' })],
      read(text) {
        try {
          greetingOf({ ...emptyFrame, type: 0, status: 1, text });
        } catch (error) {
          if (!(error instanceof UserError) || error.message !== noGpu) throw error;
        }
      },
    },
  };
}

/** A campaign of the naive kernel that is over, in `folder`. */
async function finishedCampaign(folder: string) {
  mkdirSync(join(folder, 'findings'), { recursive: true });
  const targets = [builtinTarget('naive')];
  const options = { seed: 1, runs: 20, operations: ['softmax'] as const, generation: { rows: 1, cols: 2 } };
  await fuzz(targets, options, { journal: startJournal(folder, planOf(targets, options), whole) });
  const shrunk = join(folder, 'shrunk', readdirSync(join(folder, 'shrunk'))[0]);
  return {
    state: join(folder, 'state.json'),
    shrunk,
    /** Reports the run with `text` in a file of it. */
    readWith(file: string, text: string): void {
      const right = readFileSync(file, 'utf8');
      writeFileSync(file, text);
      try {
        const run = recordRun(mergeShards([folder], folder), folder);
        formatRun(inertRun(run));
        toMarkdown(inertRun(run));
        toJsonText(run, new Date(0));
        toHtml(run, new Date(0));
      } finally {
        writeFileSync(file, right);
      }
    },
  };
}
