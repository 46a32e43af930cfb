import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { pinnedRelease } from './pinned.ts'

const base = 'new URL(`.`,import.meta.url)'
const files = (changes: Record<string, string> = {}) =>
  new Map(
    Object.entries({
      'embed.js': `${base};import(\`./assets/run.js\`).then(({a:e})=>e())`,
      'guide.js': `import(\`\${${base}.href}embed.js\`);import(\`./assets/rare.js\`)`,
      'status.js': `import{a as e,b}from"./assets/shared.js";e(b,import.meta.url)`,
      'assets/run.js': `import{a}from"./word.js";export{a};export const more=()=>import(\`./rare.js\`)`,
      'assets/word.js': 'export const a=1',
      'assets/rare.js': `import{a}from"./run.js";export const b=e=>import(e)`,
      'assets/shared.js': `export const a=(b,e)=>new URL(\`.\`,e);export const b=1`,
      ...changes,
    }),
  )
const made = (changes?: Record<string, string>) => pinnedRelease('1.2.3', files(changes), '(own,table)=>table')
const tableOf = (code: string) => JSON.parse(/\(import\.meta\.url,(\{.*?\})\);/.exec(code)?.[1] as string) as Record<string, string>

describe('a pinned release', () => {
  test('is named after all that it is made of', () => {
    const { release } = made()
    expect(release).toMatch(/^1\.2\.3-[0-9a-f]{16}$/)
    expect(made().release).toBe(release)
    expect(made({ 'assets/word.js': 'export const a=2' }).release).not.toBe(release)
    expect(pinnedRelease('1.2.3', files(), '(own,table)=>({...table})').release).not.toBe(release)
  })

  test('each file that others load is fetched with the digest of its bytes, and after what it imports', () => {
    const { files } = made()
    const table = tableOf(files.get('guide.js') as string)
    expect(Object.keys(table)).toEqual(['assets/rare.js', 'assets/run.js', 'assets/word.js', 'embed.js'])
    for (const [path, line] of Object.entries(table)) {
      const [digest, ...needs] = line.split(' ')
      expect(digest, path).toBe(
        createHash('sha256')
          .update(files.get(path) as string)
          .digest('base64'),
      )
      // An entry, once another loads it, does not ask twice for what it loads.
      expect(needs, path).toEqual({ 'assets/rare.js': ['assets/run.js'], 'assets/run.js': ['assets/word.js'], 'embed.js': ['assets/run.js'] }[path] ?? [])
    }
    // One that loads another knows it; none knows itself.
    expect(Object.keys(tableOf(files.get('embed.js') as string))).not.toContain('embed.js')
    expect(Object.keys(tableOf(files.get('status.js') as string))).toEqual(['assets/shared.js'])
  })

  test('no file loads another but through the check, except modules of the page', () => {
    const { release, files } = made()
    for (const [path, code] of files) {
      expect(code, path).not.toMatch(/(?:import|\$get)\([`"']/)
      if (!path.includes('/')) expect(code, path).not.toMatch(/\bimport\s*\{|\bimport\(/)
    }
    expect(files.get('assets/run.js')).toContain(`globalThis["guichet ${release}"]("assets/rare.js")`)
    expect(files.get('assets/rare.js')).toContain('import(e)')
    expect(files.get('status.js')).toContain('const{a:e,b:b}=await guichetPin("assets/shared.js")')
    // The server is two folders up.
    expect(files.get('embed.js')).toContain('new URL("../../",import.meta.url)')
    expect(files.get('assets/shared.js')).toContain('new URL("../../",e)')
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['a circle', { 'assets/word.js': 'import{b}from"./rare.js";export const a=b' }, /assets\/word\.js imports assets\/rare\.js/],
    ['an entry that imports a computed address', { 'embed.js': `${base};import(location.hash)` }, /embed\.js: an entry imports a computed address/],
    ['a file that was not built', { 'assets/run.js': 'import{a}from"./gone.js";export{a}' }, /loads assets\/gone\.js, which was not built/],
    ['a file that passes on another', { 'assets/run.js': 'export{a}from"./word.js"' }, /passes on/],
    ['a module from elsewhere', { 'assets/run.js': 'import{a}from"https://cdn.example/a.js";export{a}' }, /imports https:/],
    ['an entry without the address of its server', { 'embed.js': 'import(`./assets/run.js`)' }, /where its server is/],
  ])('%s is refused, rather than fetched without a check', (_, changes, says) => {
    expect(() => made(changes)).toThrow(says)
  })
})
