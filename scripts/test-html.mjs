/**
 * The HTML report in a browser: axe finds nothing, nothing is wider than the window, nothing is asked of a network, it reads with scripts off, links to findings open
 * them, and lines are copied. Needs `dist` and a Chromium: CHROMIUM=/usr/bin/chromium, or Debian's. With --shots DIR, pictures are left there.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.error(
    `There is no Chromium at ${executablePath}: nothing was tested. Install it, or name one: CHROMIUM=…`,
  );
  process.exit(2);
}
const shots = process.argv.includes('--shots') ? process.argv[process.argv.indexOf('--shots') + 1] : null;
if (shots !== null) mkdirSync(shots, { recursive: true });

const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-html-'));
const main = join(import.meta.dirname, '../dist/cli/main.js');
writeFileSync(
  join(folder, 'mine.mjs'),
  `export function softmax(logits, rows, cols) {
  const e = logits.map((x) => Math.exp(x));
  for (let row = 0; row < rows; row++) {
    const exps = e.subarray(row * cols, (row + 1) * cols);
    const sum = exps.reduce((a, b) => a + b, 0);
    exps.forEach((x, i) => { exps[i] = x / sum; });
  }
  return e;
}
export const target = { name: '<img src=x onerror=alert(1)>\\u202e "mine", by a name that goes on and on' };
`,
);
try {
  execFileSync(
    process.execPath,
    [main, 'fuzz', './mine.mjs', 'stable', '--runs', '300', '--seed', '1', '--quiet'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
} catch (error) {
  if (error.status !== 1) throw error; // It finds what is wrong with the first.
}
const file = join(folder, 'reports/latest/index.html');
const url = pathToFileURL(file).href;
const problems = [];
const check = (isRight, words) => {
  if (!isRight) problems.push(words);
};
check(statSync(file).size < 1e6, `it has ${statSync(file).size} bytes`);

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const [name, options] of Object.entries({
  light: { colorScheme: 'light', viewport: { width: 1280, height: 1600 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 1600 } },
  narrow: { colorScheme: 'light', viewport: { width: 390, height: 1600 } },
})) {
  const context = await browser.newContext({ ...options, offline: true, bypassCSP: true });
  const page = await context.newPage();
  page.on('request', (request) => check(request.url() === url, `${name}: it asks for ${request.url()}`));
  page.on('pageerror', (error) => check(false, `${name}: ${error.message}`));
  page.on('dialog', (dialog) => check(false, `${name}: foreign text runs: ${dialog.message()}`));
  await page.goto(url);
  if (shots !== null) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  check(passes.length > 20, `${name}: axe has looked at ${passes.length} rules only`);
  for (const { id, help, nodes } of violations)
    check(
      false,
      `${name}: ${id}, ${help}: ${nodes
        .slice(0, 3)
        .map(({ html }) => html.slice(0, 160))
        .join(' | ')}`,
    );
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  check(wide <= window, `${name}: it is ${wide} pixels wide in a window of ${window}`);
  await context.close();
}

const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
const page = await context.newPage();
const other = JSON.parse(readFileSync(join(folder, 'reports/latest/run.json'), 'utf8')).targets[0].faults[0]
  .findings[1];
await page.goto(`${url}#finding-${other}`);
check(
  await page.locator(`#finding-${other}`).evaluate((details) => details.open),
  'a link does not open what it leads to',
);
const replay = page.locator('.replay').first();
await replay.getByRole('button').click();
const [copied, shown] = [
  await page.evaluate(() => navigator.clipboard.readText()),
  await replay.locator('code').textContent(),
];
check(copied === shown && copied.startsWith('npx softmax-fuzz replay '), `it copies ${copied}`);
await context.close();

const still = await browser.newContext({ javaScriptEnabled: false });
const plain = await still.newPage();
await plain.goto(url);
check((await plain.locator('.verdict').count()) === 2, 'without scripts there is no verdict');
check(
  (await plain.locator('.replay button:visible').count()) === 0,
  'without scripts there are buttons that do nothing',
);
await browser.close();

for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? 'the report is sound in Chromium: light, dark, narrow, offline, without scripts'
    : `${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
