import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tokenSheet } from '@guichet/core/surface'
import { tokensOf } from '@guichet/core/theme'
import { expect, test } from 'vitest'
import { laterStyles } from './later-styles.ts'
import { styles } from './styles.ts'

test('tokens go into the sheet light first, for browsers that do not know light-dark()', () => {
  const css = tokenSheet(tokensOf({ primary: '#ffe000' }))
  expect(css).toMatch(/^:host\{--guichet-colour-primary:#[0-9a-f]{6};/)
  expect(css).toContain('light-dark(')
  expect(css).not.toContain('--guichet-colour-primary:#ffe000;')
})

test('without colours of an agency, the sheet has the same ones that core works out', () => {
  for (const [name, pair] of Object.entries(tokensOf({}))) {
    expect(styles.includes(`--guichet-colour-${name}:${pair[0]};`), name).toBe(true)
    expect(styles.includes(`--guichet-colour-${name}:light-dark(${pair});`), name).toBe(true)
  }
})

test('what a page may set is in the manifest and in the documentation, and there is nothing else in them', () => {
  const file = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8')
  const named = (text: string) => [...new Set(text.match(/--guichet-[a-z-]*[a-z]/g))].sort()
  const told = named((file('service-element.ts').match(/@cssprop \S+/g) ?? []).join(' '))
  // In a table of the documentation, those of a family share their beginning.
  const documented = named(
    file('../../../docs/embedding.md').replace(/`(--guichet-\w+-)\w+`(?:, `-\w+`)+/g, (line, family) => line.replace(/`-(\w+)`/g, `\`${family}$1\``)),
  )
  const used = named([styles, laterStyles, file('more-styles.ts'), file('../../core/src/themes.ts')].join(' '))
  expect(told).toEqual(used)
  expect(documented).toEqual(used)
})
