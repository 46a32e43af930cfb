/**
 * The large file gives some sixty things to those that come later, each under two short names: one inside and one for the
 * others, paired in an order that nothing can be made of. Here the names inside become those for the others, too, which
 * is a hundred bytes less of what every first page loads.
 */
import type { Plugin } from 'vite'

const clause = /export\{([^}]*)\};?\s*$/

/** `a as b,c` as pairs. */
const pairs = (list: string) => list.split(',').map((one): [string, string] => one.trim().split(' as ') as [string, string])

export function plainExports(): Plugin {
  return {
    name: 'guichet-plain-exports',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? [output] : []))
      const large = chunks.reduce((most, chunk) => (chunk.code.length > most.code.length ? chunk : most))
      const given = clause.exec(large.code)?.[1]
      if (!given) throw new Error('the largest file exports nothing: see build/plain-exports.ts')
      const inside = new Map(pairs(given).map(([own, name = own]) => [name, own]))
      const ownOf = (name: string) => {
        const own = inside.get(name)
        if (!own) throw new Error(`${large.fileName} exports no ${name}: see build/plain-exports.ts`)
        return own
      }
      large.code = large.code.replace(clause, `export{${[...inside.values()].sort().join(',')}};`)
      const file = (large.fileName.split('/').at(-1) as string).replaceAll('.', '\\.')
      const taken = new RegExp(`import\\{([^}]*)\\}from(["'\`][^"'\`]*${file}["'\`])`, 'g')
      const later = new RegExp(`(import\\([^)]*${file}.\\)\\.then\\((\\w+)=>\\2\\.)([\\w$]+)`, 'g')
      for (const chunk of chunks) {
        chunk.code = chunk.code
          // Said to bundlers, and nobody bundles these files again.
          .replaceAll('/* @__PURE__ */ ', '')
          .replace(taken, (_, list: string, from: string) => `import{${pairs(list).map(([name, own = name]) => `${ownOf(name)} as ${own}`)}}from${from}`)
          .replace(later, (_, before: string, _own: string, name: string) => before + ownOf(name))
      }
    },
  }
}
