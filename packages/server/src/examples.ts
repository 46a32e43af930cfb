/** The example services that lie in a folder beside the server: what a new server shows, and what new services may begin with. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { canonical, digestOf } from './digest.ts'
import type { KeptRecord, KeptSummary } from './store/library.ts'

export interface Example {
  definition: ServiceDefinition
  policy: Policy
}

/**
 * Folders with a definition.json; a policy.json beside it, or the standard preset. Opening windows are left out: most lie
 * in the past, and an example is there to be tried today.
 */
export function readExamples(folder: string): Example[] {
  if (!existsSync(folder)) return []
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'definition.json')))
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const policyFile = join(folder, name, 'policy.json')
      const policy: Policy = existsSync(policyFile) ? read(policyFile) : { preset: 'standard' }
      const { window: _, ...definition } = read(join(folder, name, 'definition.json')) as ServiceDefinition
      return { definition, policy }
    })
}

/** No id that an agency may give has a dot. */
const mark = 'example.'

/** As the library has templates: read from the folder whenever they are asked for, and never copied into the database. */
export interface ExampleTemplate extends KeptRecord {
  summary: Readonly<Record<string, string>>
}

function templatesIn(folder: string | null): ExampleTemplate[] {
  if (folder === null) return []
  return readExamples(folder).map(({ definition, policy }) => {
    // Whose example it is stays behind: how it looks and whom to ask. Its units stay, as its stages name them.
    const { logo: _logo, colours: _colours, contact: _contact, ...agency } = definition.agency
    const content = { definition: { ...definition, agency }, policy }
    const id = `${mark}${definition.id}`
    return {
      kind: 'template',
      id,
      version: 1,
      title: definition.title,
      summary: definition.summary ?? {},
      content,
      digest: digestOf(canonical(content)),
      savedBy: 'system',
      savedAt: '',
    }
  })
}

export const exampleTemplates = (folder: string | null): (KeptSummary & Pick<ExampleTemplate, 'summary'>)[] =>
  templatesIn(folder).map(({ content: _, ...line }) => line)

/** One with its content; null: it is no example, or there is none of that name. */
export const exampleTemplate = (folder: string | null, id: string): ExampleTemplate | null =>
  id.startsWith(mark) ? (templatesIn(folder).find((template) => template.id === id) ?? null) : null
