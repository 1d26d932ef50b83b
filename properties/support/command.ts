import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';

/** What a run of the command gave: `code` is null where a signal ended it. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const dist = join(import.meta.dirname, '../../dist');
/** The command's file. */
export const main = join(dist, 'cli/main.js');

/** Runs `softmax-fuzz` as a user does, in a process of its own. It gets Ctrl-C once `interruptOnce` holds. */
export function runCommand(
  args: readonly string[],
  {
    cwd,
    input = '',
    interruptOnce,
    env = {},
  }: {
    cwd: string;
    input?: string | undefined;
    interruptOnce?: () => boolean;
    env?: Readonly<Record<string, string>>;
  },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => {}); // It may end before it has read everything.
    child.stdin.end(input);
    if (interruptOnce === undefined) return;
    const poll = setInterval(() => {
      if (!interruptOnce()) return;
      clearInterval(poll);
      child.kill('SIGINT');
    }, 20);
    child.on('close', () => clearInterval(poll));
  });
}

/**
 * What {@link runCommand} gives, of a run in this process: a fraction of its time, because what it runs has been compiled by then. It is for
 * commands that are not about processes, signals or time; targets have processes of their own as ever. One runs after the other.
 */
export function runHere(args: readonly string[], { cwd }: { cwd: string }): Promise<Outcome> {
  const outcome = last.then(() => perform(args, cwd));
  last = outcome.catch(() => {});
  return outcome;
}

/** When the last of them has ended: the folder and the streams are those of the process. */
let last: Promise<unknown> = Promise.resolve();

async function perform(args: readonly string[], cwd: string): Promise<Outcome> {
  const [command, child] = await Promise.all(
    ['cli/perform.js', 'targets/process/child.js'].map((file) => import(join(dist, file))),
  );
  const { exitCode } = process;
  const folder = process.cwd();
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += text;
      return true;
    }),
  );
  process.exitCode = undefined;
  process.chdir(cwd);
  try {
    await command.perform([process.execPath, main, ...args]);
    return { code: Number(process.exitCode ?? 0), ...written };
  } finally {
    child.killAll();
    process.chdir(folder);
    process.exitCode = exitCode;
    for (const spy of spies) spy.mockRestore();
  }
}

/** A maker of empty folders, all of which are removed after the tests of the file. */
export function temporaryFolders(): () => string {
  const root = mkdtempSync(join(tmpdir(), 'softmax-fuzz-'));
  afterAll(() => rmSync(root, { recursive: true }));
  return () => mkdtempSync(join(root, 'user-'));
}

/** A maker of folders of a user's, each with one file in it. */
export function foldersWith(): (name: string, text: string) => string {
  const temporaryFolder = temporaryFolders();
  return (name, text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), text);
    return folder;
  };
}

/** What --json writes, as far as tests read it. */
interface Report {
  readonly targets: readonly {
    readonly name: string;
    readonly operations: readonly string[];
    readonly cases: number;
    readonly elements: number;
    readonly findings: readonly { operation: string; rows: number; cols: number; file: string }[];
  }[];
}

/** What --json wrote. */
export const parseReport = (text: string): Report => JSON.parse(text);

/** Every file and folder below `folder`, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

/** The five lines that everybody writes first. They forget to subtract the max. */
export const forgetful = `export function softmax(logits, rows, cols) {
  const powers = logits.map(Math.exp);
  const sums = Float32Array.from({ length: rows }, (_, r) => powers.subarray(r * cols, (r + 1) * cols).reduce((a, b) => a + b));
  return powers.map((power, k) => power / sums[Math.floor(k / cols)]);
}
`;
