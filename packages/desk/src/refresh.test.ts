import { expect, test } from 'vitest'
import type { CaseLine, CasePage } from './api.ts'
import { mergePages } from './refresh.ts'

const page = (ids: string, next: string | null = null, status = 'received'): CasePage => ({
  cases: [...ids].map((submission) => ({ submission, status }) as CaseLine),
  next,
})
const seen = (shown: CasePage, now: CasePage) => {
  const { page: merged, gone, fresh } = mergePages(shown, now)
  return { rows: merged.cases.map(({ submission }) => submission).join(''), gone: [...gone].join(''), fresh }
}

test('rows keep their place; news are counted, what left is marked', () => {
  expect(seen(page('abcd'), page('abcd'))).toEqual({ rows: 'abcd', gone: '', fresh: 0 })
  expect(seen(page('abcd'), page('acdx'))).toEqual({ rows: 'abcd', gone: 'b', fresh: 1 })
  expect(seen(page('abcd'), page('xabcd'))).toEqual({ rows: 'abcd', gone: '', fresh: 1 })
  expect(seen(page('abcd'), page(''))).toEqual({ rows: 'abcd', gone: 'abcd', fresh: 0 })
})

test('what news pushed onto the next page has not left', () => {
  expect(seen(page('abcd', 'd'), page('xyab', 'b'))).toEqual({ rows: 'abcd', gone: '', fresh: 2 })
  expect(seen(page('abcd', 'd'), page('xacd', 'd'))).toEqual({ rows: 'abcd', gone: 'b', fresh: 1 })
})

test('what changed about a row is taken in', () => {
  const { page: merged } = mergePages(page('ab'), page('ba', null, 'waiting'))
  expect(merged.cases).toEqual([
    { submission: 'a', status: 'waiting' },
    { submission: 'b', status: 'waiting' },
  ])
})
