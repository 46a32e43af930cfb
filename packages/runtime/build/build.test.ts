import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Plugin, parseAst } from 'vite'
import { describe, expect, test } from 'vitest'
import { browserFields } from './browser-fields.ts'
import { namedAfter } from './named-after.ts'
import { tightTemplates } from './tight-templates.ts'

/** What a plugin makes of a module; the module itself where it leaves it alone. */
function transformed(plugin: Plugin, code: string): string {
  const { handler } = plugin.transform as { handler(code: string, id: string): { code: string } | null }
  const result = handler.call({} as never, code, '/packages/fields/src/text/text.ts')?.code ?? code
  // Still a module.
  parseAst(result)
  return result
}

describe('templates and style sheets', () => {
  test('lose their indentation, and keep what is in the places', () => {
    const place = (code: string) => `$\{${code}}`.replace('\\', '')
    const code = `const t = html\`<p>\n  ${place('a\n+ b')}\n  <b>x</b>\n</p>\``
    expect(transformed(tightTemplates(), code)).toBe(`const t = html\`<p> ${place('a\n+ b')} <b>x</b> </p>\``)
    const inner = 'html`<b>\n x</b>`'
    expect(transformed(tightTemplates(), `html\`<p>\n ${place(inner)}\n</p>\``)).toBe(`html\`<p> ${place('html`<b> x</b>`')} </p>\``)
  })
  test('other literals stay', () => {
    const code = 'const text = `a\n  b`'
    expect(transformed(tightTemplates(), code)).toBe(code)
  })
  test('css keeps the blanks that mean something', () => {
    const css = 'export const styles = `\n/* note */\n.a .b > .c:is(.d, .e) {\n  margin: 0 0.5em; inline-size: calc(1em + 2px);\n}\n`'
    expect(transformed(tightTemplates(), css)).toBe('export const styles = ` .a .b>.c:is(.d,.e){margin:0 .5em;inline-size:calc(1em + 2px)}`')
  })
})

describe('field types in a browser', () => {
  test('go without what only a server asks for', () => {
    const code =
      "export const a = { name: 'a', kind: () => 'text', parse: (x) => ({ value: x }), show(x) { return x }, schema: () => ({ type: 'string' }), choices: () => [] }"
    const result = transformed(browserFields(), code)
    expect(result).not.toContain('schema')
    expect(result).not.toContain('choices')
    expect(result).toContain('show(x)')
  })
  test('other objects keep a schema', () => {
    const code = "export const a = { name: 'a', schema: 1 }"
    expect(transformed(browserFields(), code)).toBe(code)
  })
})

test('files that are changed after they got their names are named after what changes them', () => {
  // Whoever changes a file once it has a name says so in the configuration.
  const changing = readdirSync(import.meta.dirname).filter(
    (file) => !file.endsWith('.test.ts') && /\b(?:generateBundle|writeBundle)\b/.test(readFileSync(join(import.meta.dirname, file), 'utf8')),
  )
  const configuration = readFileSync(join(import.meta.dirname, '../vite.config.ts'), 'utf8')
  const named = /namedAfter\(\[(.*)\]\)/.exec(configuration)?.[1] ?? ''
  expect(changing.length).toBeGreaterThan(0)
  expect(changing.filter((file) => !named.includes(`'build/${file}'`))).toEqual([])

  const folder = mkdtempSync(join(tmpdir(), 'guichet-named-'))
  try {
    const said = (text: string) => {
      writeFileSync(join(folder, 'plugin.ts'), text)
      return (namedAfter([join(folder, 'plugin.ts')]).augmentChunkHash as () => string)()
    }
    expect(said('one')).toBe(said('one'))
    expect(said('one')).not.toBe(said('another'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
