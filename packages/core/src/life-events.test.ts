import schema from '@guichet/schemas/service-definition.base.json' with { type: 'json' }
import { expect, test } from 'vitest'
import languages from './languages.json' with { type: 'json' }
import events from './life-events.json' with { type: 'json' }

test('every event that a definition may name has a name in every language, and stands where the schema has it', () => {
  expect(Object.keys(events)).toEqual(schema.$defs.lifeEvent.enum)
  for (const [code, { kind, label }] of Object.entries(events)) {
    expect(Object.keys(label).sort(), code).toEqual([...languages.languages].sort())
    expect(['life', 'business'], code).toContain(kind)
  }
  for (const language of languages.languages)
    expect(new Set(Object.values(events).map(({ label }) => (label as Record<string, string>)[language])).size, language).toBe(Object.keys(events).length)
})
