import { expect, test } from 'vitest'
import formatZero from '../../core/src/migrations/fixtures/0-library-card.json' with { type: 'json' }
import { permit } from './editor/permit.test-helper.ts'
import { readServiceFile } from './service-file.ts'
import { toServiceFile } from './to-service-file.ts'

const policy = { rules: { origins: { allow: ['https://city.example'] } } }

test('a service comes back as it went, with its policy', () => {
  const draft = { definition: permit(), policy }
  expect(readServiceFile(toServiceFile(draft))).toMatchObject({ ...draft, upgraded: false })
  expect(readServiceFile(toServiceFile({ ...draft, policy: null })).policy).toBeNull()
})

test('a definition alone is taken too, also an old one', () => {
  expect(readServiceFile(JSON.stringify(permit()))).toMatchObject({ definition: permit(), policy: null, upgraded: false })
  expect(readServiceFile(JSON.stringify(formatZero))).toMatchObject({ upgraded: true, definition: { format: 1 } })
})

test('what is wrong is found, and what cannot be opened is refused', () => {
  const unfinished = permit()
  unfinished.pages[0].when = { '==': [{ var: 'nobody' }, 1] }
  expect(readServiceFile(JSON.stringify(unfinished)).findings).toContainEqual(expect.objectContaining({ severity: 'error', pointer: '/pages/0/when/==/0/var' }))
  const code = (content: string) => {
    try {
      readServiceFile(content)
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  expect(code('{')).toBe('json')
  expect(code('[]')).toBe('format')
  expect(code('{"format": 99}')).toBe('format')
  expect(code(JSON.stringify({ ...permit(), pages: 'none' }))).toBe('shape')
  expect(code(JSON.stringify({ guichet: 'service', definition: permit(), policy: { rules: 1 } }))).toBe('shape')
})
