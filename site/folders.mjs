/** Links to folders of the repository lead to the folder's README.md where it is a page, else to a page made here, which lists its files. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DocumentReflection } from 'typedoc';
import { inRoot, pathOf, root } from './paths.mjs';

/** The pages made here, which the navigation leaves out. */
export const listings = new Set();

export function linkFolders(project) {
  const linked = [...project.files.getMediaPaths()].map((path) => relative(root, path));
  for (const folder of linked.filter(isFolder)) {
    const readme = project.documents.find((page) => pathOf(page) === `${folder}/README.md`);
    project.files.registerReflectionPath(inRoot(folder), readme ?? addListing(project, folder));
  }
}

const isFolder = (path) => statSync(inRoot(path), { throwIfNoEntry: false })?.isDirectory() ?? false;

/** A page in the place of the folder's README.md. */
function addListing(project, folder) {
  const tracked = execFileSync('git', ['ls-files', folder], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
  const list = tracked.flatMap((file) => {
    const page = project.documents.find((document) => pathOf(document) === file);
    return [
      { kind: 'text', text: `- [${page?.name ?? relative(folder, file)}](` },
      { kind: 'relative-link', text: file, ...project.files.registerAbsolute(inRoot(file)) },
      { kind: 'text', text: ')\n' },
    ];
  });
  const page = new DocumentReflection(
    folder,
    project,
    [{ kind: 'text', text: `# ${folder}\n\n` }, ...list],
    {},
  );
  listings.add(page);
  project.addChild(page);
  project.registerReflection(page, undefined, inRoot(join(folder, 'README.md')));
  return page;
}
