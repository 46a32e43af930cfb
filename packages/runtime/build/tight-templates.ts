/**
 * Takes the indentation out of lit-html templates and style sheets. Between a tag and the next one on its own line, one
 * space is left, because it may be seen.
 */
import { type Plugin, parseAst } from 'vite'
import { type Edit, type Node, walk, withEdits } from './edit-code.ts'

const tightHtml = (text: string) => text.replace(/\s*\n\s*/g, ' ')
const tightCss = (text: string) =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/ > /g, '>')
    .replace(/([a-z-]): /g, '$1:')
    .replace(/\b0\./g, '.')
    .replaceAll(';}', '}')

export function tightTemplates(): Plugin {
  return {
    name: 'guichet-tight-templates',
    // After the types are gone, before names are shortened.
    enforce: 'post',
    transform: {
      filter: { id: /packages\/(runtime|fields)\/src\/.*\.ts$/ },
      handler(code) {
        const edits: Edit[] = []
        const tighten = (literal: Node, how: (text: string) => string) => {
          for (const { start, end } of literal.quasis as Node[]) edits.push({ start, end, text: how(code.slice(start, end)) })
        }
        const tightenStyles = (name: unknown, value: Node | null) => {
          if (/styles$/i.test(String((name as Node).name)) && value?.type === 'TemplateLiteral') tighten(value, tightCss)
        }
        walk(parseAst(code), (node) => {
          if (node.type === 'TaggedTemplateExpression' && (node.tag as Node).name === 'html') tighten(node.quasi as Node, tightHtml)
          else if (node.type === 'VariableDeclarator') tightenStyles(node.id, node.init as Node | null)
          else if (node.type === 'Property') tightenStyles(node.key, node.value as Node)
        })
        return withEdits(code, edits)
      },
    },
  }
}
