/**
 * A file whose import failed is never asked for again by Chromium: a line that is gone for a moment while somebody types would cost
 * them the way on, and what they typed. So a file is imported once it, and what it imports itself, have been fetched: they lie in the
 * browser's cache then, and fetching may fail as often as it wants to.
 */
import { type Plugin, parseAst, type Rolldown } from 'vite'
import { type Edit, type Node, walk, withEdits } from './edit-code.ts'

/** What stands in for `import()` in what is built. */
export const fetching = '$get'

/** What files of this folder import at once: named between `"`. The large one, which has this and is there, is named between `'`. */
const atOnce = '[mt]"'
/** The script that the page embeds, which an element beside it loads, imports the runtime in its first line. */
const atOnceOrFirst = '(?:[mt]"|import\\(`)'

/** Fetches a file and those that it imports at once. What was fetched once, or is on its way, is not fetched again. */
const codeFor = (begins: string) =>
  `const $all=async(p,b)=>{const u=new URL(p,b),r=await fetch(u);return Promise.all([...(await(r.ok&&r).text()).matchAll(/${begins}(\\.[^"\`]+)/g)].map(m=>$all(m[1],u)))},$has={},${fetching}=p=>($has[p]??=$all(p,import.meta.url)).then(()=>import(p),e=>{delete $has[p];throw e});`

/** An address that is known when the file is built, or ends in the name of a file that is embedded. */
const isOurs = ({ type, value, quasis }: Node) => {
  if (type === 'Literal') return String(value).startsWith('./')
  const texts = type === 'TemplateLiteral' ? (quasis as Node[]).map((text) => (text.value as { cooked: string }).cooked) : []
  return texts.length === 1 ? texts[0]?.startsWith('./') : texts.at(-1) === 'embed.js'
}

/** What a file loads, by its syntax tree. */
function loadsOf(code: string) {
  const imports: Node[] = []
  const dynamic: Node[] = []
  const exports: Node[] = []
  walk(parseAst(code), (node) => {
    if (node.type === 'ImportDeclaration') imports.push(node.source as Node)
    else if (node.type === 'ImportExpression') dynamic.push(node)
    else if (node.type === 'ExportNamedDeclaration' && !node.source && !node.declaration) exports.push(node)
  })
  return { imports, dynamic, exports }
}

/** No file is fetched for its own sake: whoever fetches one would fetch the other for ever. */
function refuseCircles(chunks: readonly Rolldown.OutputChunk[], large: Rolldown.OutputChunk) {
  const importsOf = (name: string) => chunks.find(({ fileName }) => fileName === name && fileName !== large.fileName)?.imports ?? []
  for (const { fileName } of chunks) {
    const under = new Set(importsOf(fileName))
    for (const name of under) for (const further of importsOf(name)) under.add(further)
    if (under.has(fileName)) throw new Error(`${fileName} imports itself by way of others`)
  }
}

/**
 * Comes after all that reads what the files import. `entries`: also what is embedded fetches first, which imports the large file
 * anyway; without it that loads as fast as it can, as nothing has been typed yet.
 */
export function fetchedFirst({ entries = false } = {}): Plugin {
  const code = codeFor(entries ? atOnceOrFirst : atOnce)
  return {
    name: 'guichet-fetched-first',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const all = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? [output] : []))
      const chunks = all.filter(({ isEntry }) => !isEntry)
      const large = chunks.reduce((most, chunk) => (chunk.code.length > most.code.length ? chunk : most))
      const file = `./${large.fileName.split('/').at(-1)}`
      refuseCircles(chunks, large)
      for (const chunk of entries ? all : chunks) {
        const fault = (what: string): never => {
          throw new Error(`${chunk.fileName}: ${what}; see build/fetched-first.ts`)
        }
        if (/\$(?:get|has|all)\b/.test(chunk.code)) fault('it has a name of what fetches')
        const { imports, dynamic, exports } = loadsOf(chunk.code)
        const edits: Edit[] = []
        const replace = ({ start, end }: Node, text: string) => edits.push({ start, end, text })
        for (const { start, source } of dynamic as (Node & { source: Node })[]) {
          if (!isOurs(source)) continue
          // All of them lie in one folder, which what is embedded names.
          const address = chunk.code.slice(source.start, source.end).replace(/^([`"'])\.\/.*\//, '$1./')
          edits.push({ start, end: source.start, text: `${fetching}(` })
          replace(source, address)
        }
        const uses = edits.length > 0
        if (chunk === large) {
          const last = exports.at(-1) ?? fault('the largest file exports nothing')
          edits.push({ start: last.start, end: last.start + 'export{'.length, text: `${code}export{${fetching},` })
        } else {
          for (const source of imports) if (!chunk.isEntry && source.value === file) replace(source, `'${file}'`)
          const from = chunk.isEntry ? `"./${large.fileName}"` : `'${file}'`
          if (uses) edits.push({ start: 0, end: 0, text: `import{${fetching}}from${from};` })
        }
        chunk.code = withEdits(chunk.code, edits)?.code ?? chunk.code
        if (chunk.isEntry) continue
        // It is read as text where it is fetched: that has to find what the browser will ask for, and nothing else.
        const found = [...chunk.code.matchAll(/[mt]"(\.[^"`]+)/g)].map(([, path]) => path)
        const asked = imports.map(({ value }) => value).filter((path) => path !== file)
        if (found.join() !== asked.join()) fault(`it imports ${asked}, and reads as if it were ${found}`)
      }
    },
  }
}
