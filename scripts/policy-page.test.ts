/** That docs/policy.md says what the rules' folders say. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { policyPage } from './policy-page.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/policy.md'), 'utf8')
/** Tables are drawn wider by the formatter. */
const plain = (text: string) => text.replace(/-{3,}/g, '---').replace(/ +/g, ' ')

it('has every rule as its folder has it; "node scripts/policy-page.ts" writes them', () => {
  expect(plain(policyPage(page))).toBe(plain(page))
})

it('leaves no folder out', () => {
  const folders = readdirSync(join(root, 'packages/server/src/policy'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.length).toBeGreaterThan(15)
  for (const { name } of folders) expect(page).toContain(`: \`${name}\`\n`)
})
