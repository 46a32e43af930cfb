/** Writes the rules into docs/policy.md, as their folders have them: `node scripts/policy-page.ts`. The test beside it says when to. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { explainPolicy } from '../packages/server/src/policy/explain.ts'
import { presets } from '../packages/server/src/policy/preset.ts'
import { rules } from '../packages/server/src/policy/rules.ts'

interface Option {
  title?: string
  description?: string
}
interface Schema {
  description?: string
  properties?: Record<string, Option>
  examples?: readonly object[]
}

const root = join(import.meta.dirname, '..')
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (value: unknown) => (value === undefined ? '' : `\`${cell(JSON.stringify(value))}\``)

function section(name: string): string {
  const schema = JSON.parse(readFileSync(join(root, `packages/server/src/policy/${name}/schema.json`), 'utf8')) as Schema
  const explained = presets.flatMap((preset) => explainPolicy({ preset }, 'en').rules.filter(({ rule }) => rule === name))
  const options = Object.entries(schema.properties ?? {}).map(([option, { title = '', description = '' }]) => {
    const usual = explained.map(({ preset }) => code((preset as Record<string, unknown>)[option]))
    return `| \`${option}\` | ${cell([title, description].filter(Boolean).join('. '))} | ${usual.join(' | ')} |`
  })
  const told = [...new Set(explained.flatMap(({ citizen }) => citizen))]
  return [
    `### ${explained[0]?.title}: \`${name}\``,
    schema.description ?? '',
    ['| option | what it is | open | standard | confidential | sealed |', '| --- | --- | --- | --- | --- | --- |', ...options].join('\n'),
    told.length > 0 ? `Citizens read, under one preset or another: ${told.map((each) => `“${each}”`).join(' ')}` : 'Under no preset are citizens told of it.',
    schema.examples?.[0] ? `An example: \`${JSON.stringify({ [name]: schema.examples[0] })}\`` : '',
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** The page with the rules as they are. */
export const policyPage = (page: string): string =>
  page.replace(
    /(<!-- rules:.*?-->\n\n)[\s\S]*?(<!-- \/rules -->)/,
    (_, before, after) => `${before}${rules.map(({ name }) => section(name)).join('\n\n')}\n\n${after}`,
  )

if (import.meta.main) {
  const path = join(root, 'docs/policy.md')
  writeFileSync(path, policyPage(readFileSync(path, 'utf8')))
}
