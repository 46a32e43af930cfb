import { expect, it } from 'vitest'
import { fetchedFirst, fetching } from './fetched-first.ts'

/** Runs the plugin over files of a build: their code, and what they import at once. */
function built(files: Record<string, { code: string; imports?: string[] }>) {
  const bundle = Object.fromEntries(
    Object.entries(files).map(([name, { code, imports = [] }]) => {
      const fileName = `assets/${name}`
      return [fileName, { type: 'chunk', isEntry: false, fileName, code, imports: imports.map((other) => `assets/${other}`) }]
    }),
  )
  ;(fetchedFirst().generateBundle as (options: unknown, bundle: unknown) => void)({}, bundle)
  return (name: string) => bundle[`assets/${name}`]?.code
}
const large = { code: `${'let a=1;'.repeat(50)}import("./later.js");export{a};` }

it('files are fetched before they are imported, by the file that is there already', () => {
  const codeOf = built({ 'large.js': large, 'later.js': { code: 'import{a}from"./large.js";import("./more.js");export{a as b};', imports: ['large.js'] } })
  expect(codeOf('large.js')).toContain(`${fetching}("./later.js")`)
  expect(codeOf('later.js')).toBe(`import{${fetching}}from'./large.js';import{a}from'./large.js';${fetching}("./more.js");export{a as b};`)
})

it('a file that would be fetched for its own sake ends the build', () => {
  const round = { 'a.js': { code: 'import"./b.js";', imports: ['b.js'] }, 'b.js': { code: 'import"./a.js";', imports: ['a.js'] } }
  expect(() => built({ 'large.js': large, ...round })).toThrow('assets/a.js imports itself by way of others')
  expect(() => built({ 'large.js': large, ...round, 'b.js': { code: 'let b' } })).not.toThrow()
})
