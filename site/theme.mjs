/** TypeDoc's own theme with the navigation of pages.mjs, with the paths of the repository for addresses, and with GitHub's anchors. */
import { DefaultTheme, DefaultThemeRenderContext, KindRouter, ReflectionKind, Slugger } from 'typedoc';
import { listings } from './folders.mjs';
import { groups } from './pages.mjs';
import { pathOf } from './paths.mjs';

/** Anchors of headings as GitHub makes them, so that a link is right in both places. */
class GitHubSlugger extends Slugger {
  serialize(heading) {
    return heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
  }
}

export class SiteRouter extends KindRouter {
  buildPages(project) {
    const pages = super.buildPages(project);
    for (const { model } of pages)
      if (model.isDocument() || model.isProject())
        this.sluggers.set(model, new GitHubSlugger(this.sluggerConfiguration));
    return pages;
  }

  getIdealBaseName(reflection) {
    return reflection.isDocument()
      ? pathOf(reflection).replace(/\.md$/, '')
      : super.getIdealBaseName(reflection);
  }
}

/** Pages have no path of modules to tell. */
class SiteContext extends DefaultThemeRenderContext {
  modules = this.breadcrumbs;
  breadcrumbs = (page) => (page.isDocument() ? undefined : this.modules(page));
}

export class SiteTheme extends DefaultTheme {
  ContextClass = SiteContext;

  buildNavigation(project) {
    const api = super.buildNavigation(project).filter(({ kind }) => kind === ReflectionKind.Module);
    const documents = project.documents.filter((document) => !listings.has(document));
    const left = new Map(documents.map((document) => [pathOf(document), this.link(document)]));
    const taken = (isWanted) => {
      const paths = [...left.keys()].filter(isWanted);
      return paths.map((path) => {
        const element = left.get(path);
        left.delete(path);
        return element;
      });
    };
    const named = groups.map(({ title, pages }) => ({
      text: title,
      children: pages.flatMap((page) => {
        if (page === 'API') return api;
        if (page === 'README.md')
          return { text: 'Overview', path: 'index.html', kind: ReflectionKind.Document };
        return taken((path) => (page.endsWith('/') ? path.startsWith(page) : path === page));
      }),
    }));
    return [...named, { text: 'More', children: taken(() => true) }].filter(
      ({ children }) => children.length > 0,
    );
  }

  link(document) {
    return { text: document.name, path: this.router.getFullUrl(document), kind: document.kind };
  }
}
