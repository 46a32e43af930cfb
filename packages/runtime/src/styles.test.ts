import { tokenSheet } from '@guichet/core/surface'
import { tokensOf } from '@guichet/core/theme'
import { expect, test } from 'vitest'
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
