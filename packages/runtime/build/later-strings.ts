/**
 * `virtual:guichet-later-strings`: src/later-strings.json and the strings of uploads, one lazy file a language.
 */
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const id = 'virtual:guichet-later-strings'

type Strings = Record<string, Record<string, unknown>>

/** `files`: JSON files of strings in all languages, each with what its keys start with. */
export function laterStrings(files: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'guichet-later-strings',
    resolveId: (source) => (source.startsWith(id) ? `\0${source}` : null),
    load(module) {
      if (!module.startsWith(`\0${id}`)) return null
      const entries = Object.entries(files).flatMap(([path, prefix]) => {
        this.addWatchFile(path)
        return Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Strings).map(([key, texts]) => [prefix + key, texts] as const)
      })
      const languages = Object.keys(entries[0]?.[1] ?? {})
      const language = module.slice(id.length + 2)
      if (!language) return `export const strings = {${languages.map((each) => `${each}: () => import('${id}/${each}')`).join(',')}}`
      return `export default ${JSON.stringify(Object.fromEntries(entries.map(([key, texts]) => [key, texts[language]])))}`
    },
  }
}
