/**
 * Builds the site into site/out: README.md, the pages of pages.mjs, and the reference of the package's entries from their TSDoc. Exit 1 where a link
 * leads nowhere, or where what is exported has no comment. Run by `npm run site`.
 */
import { rmSync } from 'node:fs';
import { Application, Converter, ReflectionKind } from 'typedoc';
import { deadLinks } from './dead-links.mjs';
import { linkFolders } from './folders.mjs';
import { sources } from './pages.mjs';
import { inRoot, titleOf } from './paths.mjs';
import { SiteRouter, SiteTheme } from './theme.mjs';

const out = inRoot('site/out');
const app = await Application.bootstrapWithPlugins({
  name: 'softmax-fuzz',
  entryPoints: ['src/index.ts', 'src/kernels/index.ts', 'src/vitest/index.ts'].map(inRoot),
  tsconfig: inRoot('tsconfig.build.json'),
  basePath: inRoot('.'),
  skipErrorChecking: true, // `npm run typecheck` does.
  plugin: ['typedoc-plugin-missing-exports'],
  excludeExternals: true,
  includeDocCommentReferences: true,
  internalModule: 'Types behind these',
  readme: inRoot('README.md'),
  projectDocuments: sources.map(inRoot),
  router: 'site',
  theme: 'site',
  includeHierarchySummary: false,
  headings: { readme: false, document: false },
  kindSortOrder: ['Function', 'Variable', 'Class', 'Interface', 'TypeAlias', 'Module'],
  groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases', 'Modules'],
  customCss: inRoot('site/style.css'),
  searchInDocuments: true,
  searchInComments: true,
  hideGenerator: true,
  disableSources: true,
  highlightLanguages: [
    'c',
    'console',
    'javascript',
    'json',
    'python',
    'rust',
    'sh',
    'shellscript',
    'typescript',
    'yaml',
  ],
  ignoredHighlightLanguages: ['hex'],
  validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: true },
  requiredToBeDocumented: ['Class', 'Function', 'Interface', 'Module', 'TypeAlias', 'Variable'],
  treatWarningsAsErrors: true,
});
app.renderer.defineRouter('site', SiteRouter);
app.renderer.defineTheme('site', SiteTheme);
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, page) => {
  page.name = titleOf(page);
});
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  // What a schema of valibot is made of tells nothing; the JSON Schema does.
  for (const schema of project
    .getReflectionsByKind(ReflectionKind.Variable)
    .filter(({ name }) => name.endsWith('Schema')))
    project.removeReflection(schema);
});

rmSync(out, { recursive: true, force: true });
const project = await app.convert();
if (project === undefined) process.exit(1);
linkFolders(project);
app.validate(project);
await app.generateDocs(project, out);
for (const link of deadLinks(out)) app.logger.error(link);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
