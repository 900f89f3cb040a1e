// The pages of help beside the page: written in www/docs, those for developers in docs, and the reference of the module made from its
// types. Plain HTML without scripts, which works under any content policy.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import type { Plugin } from 'vite';
import { reference } from './reference.ts';

type Lang = 'ja' | 'en';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const read = (path: string): string => readFileSync(here(path), 'utf8');

/** In the order of the list beside each page. Those without a file in a language are given in English. */
const GUIDES = ['how-to', 'policies', 'model'];
const DEVELOPERS = ['embedding', 'hosting', 'accessibility', 'api'];

const WORDS = {
  en: { lang: 'English', other: '日本語', back: 'Back to the laboratory', contents: 'Pages', developers: 'For developers', api: 'API reference', inEnglish: '' },
  ja: { lang: '日本語', other: 'English', back: '実験室へ戻る', contents: 'ページ', developers: '開発者向け', api: 'APIリファレンス', inEnglish: '(英語)' },
};

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

/** What a heading's address is made of: its letters, in any writing. */
const anchor = (text: string): string => text.toLowerCase().replace(/<[^>]*>|[^\p{L}\p{N} _-]/gu, '').trim().replace(/ +/g, '-');

/** The addresses of the headings of the page that is made. */
const taken = new Set<string>();

const marked = new Marked({
  gfm: true,
  renderer: {
    heading({ tokens, depth, text }) {
      let id = anchor(text);
      for (let count = 2; taken.has(id); count += 1) id = `${anchor(text)}-${count}`;
      taken.add(id);
      return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    // Wide tables and long lines of code scroll by themselves, by keys as well.
    table(token) {
      const row = (cells: typeof token.header, tag: string) =>
        `<tr>${cells.map((cell) => (cell.text === '' ? '<td></td>' : `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`)).join('')}</tr>`;
      const name = escaped(token.header.map(({ text }) => text).filter(Boolean).join(', '));
      const body = token.rows.map((cells) => row(cells, 'td')).join('');
      return `<div class="wide" tabindex="0" role="group" aria-label="${name}"><table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`;
    },
    code({ text }) {
      return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
    },
    // From one document of the project to another: where both are pages here.
    link({ href, tokens }) {
      const page = /^(?:\.\.?\/)*(?:docs\/)?([\w-]+)\.md(#.*)?$/.exec(href);
      const inside = this.parser.parseInline(tokens);
      if (page && ![...GUIDES, ...DEVELOPERS].includes(page[1]!)) return inside;
      if (!page && !/^(https:|#|\.\/)/.test(href)) return inside;
      return `<a href="${escaped(page ? `./${page[1]}.html${page[2] ?? ''}` : href)}">${inside}</a>`;
    },
  },
});

function source(page: string, lang: Lang): { text: string; lang: Lang } {
  if (page === 'api') return { text: reference(), lang: 'en' };
  const own = `../docs/${lang}/${page}.md`;
  // A line that ends within Japanese text ends no word.
  if (existsSync(here(own))) return { text: read(own).replace(/(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])/g, ''), lang };
  return { text: read(GUIDES.includes(page) ? `../docs/en/${page}.md` : `../../docs/${page}.md`), lang: 'en' };
}

const titleOf = (text: string): string => /^# (.+)$/m.exec(text)![1]!;

/** A page, with the addresses of its style sheet and of its folder's others. */
function html(page: string, lang: Lang, style: string): string {
  const w = WORDS[lang];
  const other = lang === 'ja' ? 'en' : 'ja';
  const { text, lang: written } = source(page, lang);
  taken.clear();
  const entry = (each: string) => {
    const found = source(each, lang);
    const name = each === 'api' ? w.api : titleOf(found.text);
    const note = found.lang === lang ? '' : w.inEnglish;
    return `<li><a href="./${each}.html"${each === page ? ' aria-current="page"' : ''}>${escaped(name)}${note}</a></li>`;
  };
  return `<!doctype html>
<html lang="${lang}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escaped(titleOf(text))} – Noriai 乗合</title>
    <link rel="icon" href="../../favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="${style}" />
  </head>
  <body>
    <header>
      <a class="back" href="../../index.html?lang=${lang}">← ${w.back}</a>
      <a href="../${other}/${page}.html" lang="${other}" hreflang="${other}">${w.other}</a>
    </header>
    <nav aria-label="${w.contents}">
      <ul>${GUIDES.map(entry).join('')}</ul>
      <h2>${w.developers}</h2>
      <ul>${DEVELOPERS.map(entry).join('')}</ul>
    </nav>
    <main${written === lang ? '' : ` lang="${written}"`}>
${marked.parse(text) as string}
    </main>
  </body>
</html>
`;
}

const pages = (style: string): { fileName: string; make: () => string }[] =>
  (['ja', 'en'] as const).flatMap((lang) =>
    [...GUIDES, ...DEVELOPERS].map((page) => ({ fileName: `docs/${lang}/${page}.html`, make: () => html(page, lang, style) })),
  );

/** Serves the pages, and writes them beside the built page. */
export const docs = (): Plugin => ({
  name: 'docs',
  configureServer(server) {
    server.middlewares.use((request, response, next) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
      const page = pages('/docs/docs.css').find(({ fileName }) => fileName === path);
      if (page) response.setHeader('content-type', 'text/html; charset=utf-8').end(page.make());
      else next();
    });
  },
  generateBundle() {
    const style = this.emitFile({ type: 'asset', name: 'docs.css', source: read('../docs/docs.css') });
    for (const { fileName, make } of pages(`../../${this.getFileName(style)}`)) this.emitFile({ type: 'asset', fileName, source: make() });
  },
});

