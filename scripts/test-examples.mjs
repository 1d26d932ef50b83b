/**
 * Runs the README of each folder of examples/ in a clean copy, with the package as `npm pack` makes it: lines of `sh` blocks
 * have to succeed, commands of `console` blocks to print what stands below them, durations aside. Only `npm install` is not
 * run: the package is not taken from a registry, and what else package.json asks for is linked from here.
 *
 * With --update, what commands print is written to the READMEs.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const isUpdate = process.argv.includes('--update');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** What an example needs beside Node, with a command that succeeds where it is there. */
const needs = {
  c: ['make and a C compiler cc', 'make --version && cc --version'],
  python: ['python3 with numpy', "python3 -c 'import numpy'"],
};

const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-examples-'));
try {
  const unpacked = pack();
  let failures = 0;
  for (const { name } of readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((each) =>
    each.isDirectory(),
  )) {
    const [needed, probe] = needs[name] ?? [];
    if (probe !== undefined && run(probe, folder).status !== 0) {
      console.log(`examples/${name}: skipped, there is no ${needed}`);
      continue;
    }
    const start = performance.now();
    const troubles = runExample(name, unpacked);
    for (const trouble of troubles) console.error(`examples/${name}: ${trouble}`);
    failures += troubles.length;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`examples/${name}: ${troubles.length === 0 ? 'ok' : 'FAILED'}, ${seconds} s`);
  }
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** The package, unpacked; its dependencies are those that it declares. */
function pack() {
  const quiet = ['--ignore-scripts', '--silent', '--pack-destination', folder];
  const file = execFileSync('npm', ['pack', ...quiet], { cwd: root, encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', join(folder, file), '-C', folder]);
  const unpacked = join(folder, 'package');
  link(unpacked, Object.keys(readJson(join(root, 'package.json')).dependencies), unpacked);
  return unpacked;
}

/** Links packages into the node_modules of `into`, with the commands that they bring. */
function link(into, names, unpacked) {
  const modules = join(into, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  for (const name of names) {
    const from = name === 'softmax-fuzz' ? unpacked : join(root, 'node_modules', name);
    symlinkSync(from, join(modules, name));
    for (const [command, path] of Object.entries(readJson(join(from, 'package.json')).bin ?? {}))
      symlinkSync(join(from, path), join(modules, '.bin', command));
  }
}

/** What went otherwise than the README of an example says. */
function runExample(name, unpacked) {
  const cwd = join(folder, name);
  cpSync(join(root, 'examples', name), cwd, { recursive: true });
  link(cwd, Object.keys(readJson(join(cwd, 'package.json')).devDependencies), unpacked);
  const troubles = [];
  const runBlock = (block, info, text) => {
    if (info === 'sh') {
      for (const line of text
        .trim()
        .split('\n')
        .filter((each) => each !== 'npm install')) {
        const { status, output } = run(line, cwd);
        if (status !== 0) troubles.push(`\`${line}\` ended with ${status}:\n${output}`);
      }
    }
    if (info !== 'console') return block;
    const told = text.replace(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm, (shown, command, expected) => {
      const { output } = run(command, cwd);
      if (masked(output) === masked(expected)) return shown;
      if (!isUpdate) troubles.push(`\`${command}\` printed\n${output}in place of\n${expected}`);
      return `$ ${command}\n${output}`;
    });
    return `\`\`\`console\n${told}\`\`\``;
  };
  const readme = readFileSync(join(cwd, 'README.md'), 'utf8');
  for (const command of commandsOfWorkflow(cwd))
    if (!readme.includes(`$ ${command}\n`))
      troubles.push(`the README does not run \`${command}\` of the workflow`);
  const told = readme.replace(/^```(\w*)\n(.*?)^```$/gms, runBlock);
  if (isUpdate && told !== readme) writeFileSync(join(root, 'examples', name, 'README.md'), told);
  return troubles;
}

/** The campaigns that the workflow of an example runs, where it has one. */
function commandsOfWorkflow(cwd) {
  const path = join(cwd, '.github/workflows/fuzz.yml');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return [...text.matchAll(/run: (npx .*)/g)].map(([, command]) => command);
}

function run(command, cwd) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true' },
  });
  return { status, output: stdout + stderr };
}

function masked(text) {
  return text.replace(/\b[\d.]+ (ms|s)\b/g, 'some time').trimEnd();
}
