/** The tests of a kernel, as data: test-kernel.ts defines them. What one test needs of another is in what this returns, and nowhere else. */
import { join, relative } from 'node:path';
import { chosenOperations, type FuzzOptions, fuzz } from '../campaign/fuzz.ts';
import type { Kernel } from '../core/kernel.ts';
import { isLaw, type Law } from '../core/law.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import type { RecordedFinding } from '../record/run.ts';
import { recordSomewhere } from '../record/somewhere.ts';
import { removeFolder } from '../record/store.ts';
import { recordedFaults } from '../report/causes.ts';
import { replayLine } from '../report/replay-line.ts';
import { formatFinding } from '../report/text.ts';
import { createTarget } from '../targets/create.ts';
import { quoted, quotedPath } from '../text/shell.ts';
import { type KernelTestOptions, partsOf } from './options.ts';
import { savedTests } from './saved.ts';

/** One test. */
export interface KernelTest {
  readonly title: string;
  /** Rejects with what is wrong. Once the signal is aborted, its campaign ends. */
  readonly run: (signal?: AbortSignal) => Promise<void>;
}

/** Tests of one kernel. */
export interface KernelTests {
  /** Of the saved counterexamples; then of each operation, whether it answers right and whether it keeps each law. */
  readonly tests: readonly KernelTest[];
  /** How long a test may take, in ms. */
  readonly timeout: number | undefined;
}

/**
 * The tests of `kernel`, which reports call `name`. An operation's campaign is run by the first of its tests that runs.
 * @throws UserError when an option is wrong, there is no operation to test, or a saved file is no finding.
 */
export function kernelTests(name: string, kernel: Kernel, options: KernelTestOptions = {}): KernelTests {
  const { campaign, own, declaration } = partsOf(options);
  const { reports = 'reports', strict = false, specifier, timeout } = own;
  const target = createTarget(name, kernel, declaration, specifier);
  const operations = chosenOperations(target, campaign);
  const regressions = join(reports, 'regressions');
  const ofOperation = (operation: Operation): KernelTest[] => {
    const command = `npx vitest run -t ${quoted(pattern(name, operation))}`;
    const subject: Subject = {
      target,
      campaign: { ...campaign, operations: [operation] },
      reports,
      folder: ['vitest', folderOf(name), operation],
      fails: ({ finding }) => !finding.known && (strict || finding.severity === 'error'),
      replay: specifier === undefined ? () => command : replayLine,
      keep: ({ file }) =>
        `  Keep        copy ${quotedPath(file)} to ${quotedPath(relative('', regressions))}`,
    };
    const found = once((signal?: AbortSignal) => campaignOf(subject, signal));
    const testOf = (title: string, law: Law | null): KernelTest => ({
      title: `${operation} ${title}`,
      run: async (signal) => check(await found(signal), subject, law),
    });
    return [testOf('answers right', null), ...target.laws.map((law) => testOf(`keeps the law ${law}`, law))];
  };
  const saved = savedTests(target, operations, regressions, strict);
  return { tests: [...saved, ...operations.flatMap(ofOperation)], timeout };
}

/** One operation of a kernel, and how its failures are told. */
interface Subject {
  readonly target: Target;
  readonly campaign: FuzzOptions;
  /** Where the files of failures go. */
  readonly reports: string;
  readonly folder: readonly string[];
  readonly fails: (recorded: Pick<RecordedFinding, 'finding'>) => boolean;
  /** The line that replays a finding. */
  readonly replay: (recorded: RecordedFinding) => string;
  /** What makes a test of a finding. */
  readonly keep: (recorded: RecordedFinding) => string;
}

/** What a campaign has shown: findings where something fails, and else none. */
interface Campaign {
  readonly findings: readonly RecordedFinding[];
  readonly cases: number;
  readonly interrupted: boolean;
}

/** Runs the campaign. Where something fails, its findings are files in the folder then, and else there are none. */
async function campaignOf(
  { target, campaign, reports, folder, fails }: Subject,
  signal: AbortSignal | undefined,
): Promise<Campaign> {
  const run = await fuzz([target], { ...campaign, signal });
  const [{ findings, cases }] = run.targets;
  const { interrupted } = run;
  removeFolder(reports, ...folder);
  if (!findings.some((finding) => fails({ finding }))) return { findings: [], cases, interrupted };
  const { recorded } = recordSomewhere(run, join(reports, ...folder));
  return { findings: recorded.targets[0].findings, cases, interrupted };
}

/**
 * Says what the campaign found against this law, or where that is null, against right answers.
 * @throws Error with a block for each fault.
 */
function check({ findings, cases, interrupted }: Campaign, subject: Subject, law: Law | null): void {
  const { fails, replay, keep } = subject;
  const blocks = recordedFaults(findings).flatMap((fault) => {
    const shown = [fault.lead, ...fault.others].find(
      (each) => lawOf(each.finding.property) === law && fails(each),
    );
    if (shown === undefined) return [];
    const block = formatFinding(shown, findings, shown === fault.lead ? fault : null, replay(shown));
    return [`${block}\n${keep(shown)}`];
  });
  if (blocks.length > 0) throw new Error(blocks.join('\n\n'));
  if (interrupted) throw new Error(`it was interrupted after ${cases} batches, and found nothing until then`);
}

function lawOf(property: string): Law | null {
  return isLaw(property) ? property : null;
}

/** A folder's name that no name leads out of. */
function folderOf(name: string): string {
  return name.replace(/[^\p{L}\p{N}_-]+/gu, '-') || 'kernel';
}

/** What vitest's `-t` takes, a regular expression, for the tests below these names. */
function pattern(...names: readonly string[]): string {
  return `^${names.join(' ').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')} `;
}

/** `start`, called once: whoever asks later gets what the first did. */
function once<A, T>(start: (argument?: A) => Promise<T>): (argument?: A) => Promise<T> {
  let begun: Promise<T> | undefined;
  return (argument) => {
    begun ??= start(argument);
    return begun;
  };
}
