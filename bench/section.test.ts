import { describe, expect, it } from 'vitest'
import { withSection } from './section.ts'

describe('a section of the page of results', () => {
  it('is added, then replaced, and the others stay', () => {
    const one = withSection('', 'one', '# One\n\n| a |')
    const two = withSection(one, 'two', '# Two')
    expect(two).toBe(`${one}\n<!-- two: begin -->\n\n# Two\n\n<!-- two: end -->\n`)
    expect(withSection(two, 'one', '# 1')).toBe('<!-- one: begin -->\n\n# 1\n\n<!-- one: end -->\n\n<!-- two: begin -->\n\n# Two\n\n<!-- two: end -->\n')
    expect(withSection(two, 'two', '# Two')).toBe(two)
  })

  it('is not guessed where its end is missing', () => {
    expect(() => withSection('<!-- one: begin -->\n\ntext', 'one', 'x')).toThrow(/does not end/)
  })
})
