// The reference of the wasm module: its declarations as wasm-bindgen and tsify write them, with the Rust documentation in them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync, type ESTree } from 'vite';

const PATH = fileURLToPath(new URL('../pkg/noriai.d.ts', import.meta.url));

const INTRODUCTION = `# API reference

What the engine's module offers, made from its types. Times are seconds from midnight of the service day, energy kWh, power kW, money yen,
places degrees, shares between 0 and 1, unless something else is said. What is not valid throws a \`ScenarioError\`, whose \`problems\` name
each field and what would be right.`;

interface Declared {
  name: string;
  kind: 'Functions' | 'Classes' | 'Types';
  markdown: string;
}

/** The reference as Markdown; O(length of the declarations). */
export function reference(path = PATH): string {
  const source = readFileSync(path, 'utf8');
  const { program, comments } = parseSync('module.d.ts', source);
  const documented = comments.filter(({ value }) => value.startsWith('*'));
  /** The documentation that ends just before a place. */
  const about = (start: number): string => {
    const comment = documented.findLast(({ end }) => end <= start && source.slice(end, start).trim() === '');
    const lines = comment?.value.replace(/^\*/, '').split('\n').map((line) => line.replace(/^\s*\* ?/, '')) ?? [];
    // Links of rustdoc are names here; paths of Rust are of no use.
    return lines.join('\n').replace(/\[(`[^`]+`)\](\([^)]*\))?/g, '$1').replace(/^#+ /gm, '**').trim();
  };
  const text = ({ start, end }: { start: number; end: number }) => source.slice(start, end);
  const row = (cells: string[]) => `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  const fields = (members: ESTree.TSSignature[]): string =>
    [
      row(['field', 'type', 'meaning']),
      '| --- | --- | --- |',
      ...members.map((member) => {
        if (member.type !== 'TSPropertySignature') return row(['', `\`${text(member)}\``, about(member.start)]);
        const type = member.typeAnnotation ? text(member.typeAnnotation.typeAnnotation) : '';
        return row([`\`${text(member.key)}${member.optional ? '?' : ''}\``, `\`${type}\``, about(member.start)]);
      }),
    ].join('\n');
  const found: Declared[] = [];
  for (const node of program.body) {
    if (node.type !== 'ExportNamedDeclaration' || !node.declaration) continue;
    const declaration = node.declaration;
    const said = about(node.start);
    switch (declaration.type) {
      case 'TSDeclareFunction': {
        const name = declaration.id!.name;
        found.push({ name, kind: 'Functions', markdown: `\`\`\`\n${text(declaration)}\n\`\`\`\n\n${said}` });
        break;
      }
      case 'TSInterfaceDeclaration': {
        const name = declaration.id.name;
        const { body } = declaration.body;
        found.push({ name, kind: 'Types', markdown: `${said}\n\n${body.length > 0 ? fields(body) : ''}` });
        break;
      }
      case 'TSTypeAliasDeclaration': {
        const name = declaration.id.name;
        found.push({ name, kind: 'Types', markdown: `\`\`\`\n${text(declaration)}\n\`\`\`\n\n${said}` });
        break;
      }
      case 'ClassDeclaration': {
        const name = declaration.id!.name;
        const members = declaration.body.body.filter((member) => !/^(private|\[Symbol)/.test(text(member)));
        const list = members.map((member) => `\`\`\`\n${text(member)}\n\`\`\`\n\n${about(member.start)}`).join('\n\n');
        found.push({ name, kind: 'Classes', markdown: `${said}\n\n${list}` });
        break;
      }
    }
  }
  // What wasm-bindgen itself needs is nobody's to call.
  const isOwn = ({ name }: Declared) => !/^(InitOutput|InitInput|SyncInitInput|initSync)$/.test(name);
  const parts = (['Functions', 'Classes', 'Types'] as const).map((kind) => {
    const own = found.filter((each) => each.kind === kind && isOwn(each)).sort((a, b) => a.name.localeCompare(b.name));
    return [`## ${kind}`, ...own.map(({ name, markdown }) => `### ${name}\n\n${markdown}`)].join('\n\n');
  });
  return [INTRODUCTION, ...parts].join('\n\n');
}
