import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn } from './command.ts';

const main = join(import.meta.dirname, '../../dist/cli/main.js');

/** Starts `softmax-fuzz` and kills it, as `kill -9` does, after so many ms. Resolves to whether it was still running. */
export function killedAfter(ms: number, args: readonly string[], cwd: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { cwd, stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), ms);
    child.on('error', reject).on('close', (_code, signal) => {
      clearTimeout(timer);
      resolve(signal === 'SIGKILL');
    });
  });
}

/** Everything that a run wrote to `folder`, by file, without when it ran and the times that it took. */
export function written(folder: string): Record<string, string> {
  const files = filesIn(folder).filter((file) => statSync(join(folder, file)).isFile());
  return Object.fromEntries(
    files.map((file) => [
      file,
      readFileSync(join(folder, file), 'utf8')
        .replace(/(\d+ min )?[\d.]+ m?s\b/g, 'some time')
        .replace(/"elapsedMs": ?\d+/, '"elapsedMs": 0')
        .replace(/("elapsedMs".*"sha256": ?)"\w+"/, '$1""')
        .replace(/"date": ?"[^"]+"/, '"date": "some day"')
        .replace(/<time datetime="[^"]+">[^<]+/, '<time>some day'),
    ]),
  );
}
