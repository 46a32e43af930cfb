import { expect, it } from 'vitest'
import { fetchedFirst, fetching } from './fetched-first.ts'

/** Runs the plugin over files of a build: their code, and what they import at once. */
function built(files: Record<string, { code: string; imports?: string[]; isEntry?: boolean }>, options?: { entries: boolean }) {
  const bundle = Object.fromEntries(
    Object.entries(files).map(([name, { code, imports = [], isEntry = false }]) => [
      name,
      { type: 'chunk', isEntry, fileName: isEntry ? name : `assets/${name}`, code, imports: imports.map((other) => `assets/${other}`) },
    ]),
  )
  ;(fetchedFirst(options).generateBundle as (options: unknown, bundle: unknown) => void)({}, bundle)
  return (name: string) => bundle[name]?.code
}
const large = { code: `${'let a=1;'.repeat(50)}import("./later.js");export{a};` }

it('files are fetched before they are imported, by the file that is there already', () => {
  const codeOf = built({ 'large.js': large, 'later.js': { code: 'import{a}from"./large.js";import("./more.js");export{a as b};', imports: ['large.js'] } })
  expect(codeOf('large.js')).toContain(`${fetching}("./later.js")`)
  expect(codeOf('later.js')).toBe(`import{${fetching}}from'./large.js';import{a}from'./large.js';${fetching}("./more.js");export{a as b};`)
})

it('what is embedded fetches as well where that is asked for, also the script of the page; else it loads as it did', () => {
  const status = { isEntry: true, code: `import{a}from"./assets/large.js";import(\`./assets/later.js\`);import(\`\${a}embed.js\`);import(a);` }
  expect(built({ 'large.js': large, 'status.js': status })('status.js')).toBe(status.code)
  const code = built({ 'large.js': large, 'status.js': status }, { entries: true })('status.js')
  expect(code).toBe(
    `import{${fetching}}from"./assets/large.js";import{a}from"./assets/large.js";${fetching}(\`./later.js\`);${fetching}(\`\${a}embed.js\`);import(a);`,
  )
})

it('imports are told from texts that look like them, and what only looks like one ends the build', () => {
  const text = { code: 'let b="import(\'./no.js\')";import(`./later.js`);export{b};' }
  expect(built({ 'large.js': large, 'text.js': text })('text.js')).toBe(
    `import{${fetching}}from'./large.js';let b="import('./no.js')";${fetching}(\`./later.js\`);export{b};`,
  )
  // It would be fetched, and as it is nowhere, the file could never be imported.
  const looks = { code: `let b='import"./no.js"';export{b};` }
  expect(() => built({ 'large.js': large, 'looks.js': looks })).toThrow('assets/looks.js: it imports , and reads as if it were ./no.js')
  // And what is named in another way would not be fetched.
  const other = { code: `import{a}from'./other.js';export{a as b};`, imports: ['other.js'] }
  expect(() => built({ 'large.js': large, 'named.js': other, 'other.js': { code: 'let a;export{a};' } })).toThrow('assets/named.js: it imports ./other.js')
})

it('a file that would be fetched for its own sake ends the build', () => {
  const round = { 'a.js': { code: 'import"./b.js";', imports: ['b.js'] }, 'b.js': { code: 'import"./a.js";', imports: ['a.js'] } }
  expect(() => built({ 'large.js': large, ...round })).toThrow('assets/a.js imports itself by way of others')
  expect(() => built({ 'large.js': large, ...round, 'b.js': { code: 'let b' } })).not.toThrow()
})
