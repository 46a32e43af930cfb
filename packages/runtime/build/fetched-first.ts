/**
 * A file whose import failed is never asked for again by Chromium: a line that is gone for a moment while somebody types would cost
 * them the way on, and what they typed. So a file is imported once it, and what it imports itself, have been fetched: they lie in the
 * browser's cache then, and fetching may fail as often as it wants to.
 */
import type { Plugin } from 'vite'

/** What stands in for `import()` in what is built. */
export const fetching = '$get'

/**
 * Fetches a file and those that it imports at once, which are named between `"` and begin with `./`, as all in this folder do. The
 * large one, which has this and is there, is named between `'`. What was fetched once, or is on its way, is not fetched again.
 */
const code = `const $all=async p=>{const r=await fetch(new URL(p,import.meta.url));return Promise.all([...(await(r.ok&&r).text()).matchAll(/[mt]"(\\.[^"]+)/g)].map(m=>$all(m[1])))},$has={},${fetching}=p=>($has[p]??=$all(p)).then(()=>import(p),e=>{delete $has[p];throw e});`

const dynamic = /\bimport\((?=[`"']\.\/)/g

/** Comes after all that reads what the files import. */
export function fetchedFirst(): Plugin {
  return {
    name: 'guichet-fetched-first',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).flatMap((output) => (output.type === 'chunk' && !output.isEntry ? [output] : []))
      const large = chunks.reduce((most, chunk) => (chunk.code.length > most.code.length ? chunk : most))
      const file = `./${large.fileName.split('/').at(-1)}`
      const importsOf = (name: string) => chunks.find(({ fileName }) => fileName === name && fileName !== large.fileName)?.imports ?? []
      for (const { fileName } of chunks) {
        const under = new Set(importsOf(fileName))
        for (const name of under) for (const further of importsOf(name)) under.add(further)
        // Whoever fetches one would fetch the other for ever.
        if (under.has(fileName)) throw new Error(`${fileName} imports itself by way of others`)
      }
      for (const chunk of chunks) {
        if (/\$(?:get|has|all)\b/.test(chunk.code)) throw new Error(`${chunk.fileName} has a name of build/fetched-first.ts`)
        const replaced = chunk.code.replace(dynamic, `${fetching}(`)
        chunk.code =
          chunk === large
            ? replaced.replace(/export\{(?=[^}]*\};?\s*$)/, `${code}export{${fetching},`)
            : `${replaced === chunk.code ? '' : `import{${fetching}}from"${file}";`}${replaced}`.replaceAll(`"${file}"`, `'${file}'`)
      }
      if (!large.code.includes(code)) throw new Error('the largest file exports nothing: see build/fetched-first.ts')
    },
  }
}
