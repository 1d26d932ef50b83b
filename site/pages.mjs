/**
 * The navigation of the site: groups of pages, by their paths in the repository. A page of {@link sources} that no group names is in the
 * group More. A page's title is its first heading.
 */

/** What is in the site: patterns of paths. */
export const sources = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'docs/**/*.md',
  'examples/**/README.md',
  'reports/README.md',
];

/** In the order of the navigation. A path that ends in `/` is all of a folder. The API is the reference of the package's entries. */
export const groups = [
  { title: 'Learn', pages: ['README.md', 'docs/learn.md', 'docs/findings.md'] },
  {
    title: 'Test my kernel',
    pages: [
      'docs/javascript.md',
      'docs/vitest.md',
      'docs/python.md',
      'docs/native.md',
      'docs/runtimes.md',
      'docs/protocol.md',
      'docs/formats.md',
      'docs/options.md',
      'docs/semantics.md',
      'examples/',
    ],
  },
  { title: 'CI', pages: ['docs/ci.md', 'docs/config.md', 'docs/scale.md'] },
  {
    title: 'Read a verdict',
    pages: [
      'docs/verdicts.md',
      'docs/counterexamples.md',
      'docs/accuracy.md',
      'docs/results.md',
      'docs/power.md',
    ],
  },
  { title: 'Numerics', pages: ['docs/oracle.md', 'docs/laws.md', 'docs/search.md', 'docs/sweep.md'] },
  { title: 'Reference', pages: ['API', 'CHANGELOG.md'] },
  {
    title: 'Contribute',
    pages: ['CONTRIBUTING.md', 'docs/architecture.md', 'docs/mutation.md', 'reports/README.md'],
  },
  { title: 'Decisions', pages: ['docs/decisions/'] },
];
