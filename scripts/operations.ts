/** Writes the table of settings into docs/operations.md: `node scripts/operations.ts`. The test beside it says when to. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingsList } from '../packages/server/src/config.ts'

const cell = (text: string) => text.replaceAll('|', '\\|')

/** The page with the table as config.ts has it. */
export function operationsWithSettings(page: string): string {
  const rows = settingsList().map(
    ({ env, fallback, help, secret }) => `| \`${env}\`${secret ? ' (secret)' : ''} | ${fallback ? `\`${cell(fallback)}\`` : ''} | ${cell(help)} |`,
  )
  const table = ['| setting | default | what it does |', '| --- | --- | --- |', ...rows].join('\n')
  return page.replace(/(<!-- settings:.*?-->\n\n)[\s\S]*?(<!-- \/settings -->)/, (_, before, after) => `${before}${table}\n\n${after}`)
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '../docs/operations.md')
  writeFileSync(path, operationsWithSettings(readFileSync(path, 'utf8')))
}
