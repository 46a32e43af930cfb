import { expect, it } from 'vitest'
import { settlePolicy } from '../policy/settle.ts'
import { erasureTakesTwo, exportTakesTwo, retentionOf } from './terms.ts'

type Policy = Parameters<typeof settlePolicy>[0]
const live = (policy: Policy) => ({ policy: settlePolicy(policy) }) as never

it('nothing is destroyed because it is old unless the policy says after how many months', () => {
  expect(retentionOf(live({ preset: 'open' }))).toBeNull()
  expect(retentionOf(live({ rules: { retention: { after: 'received' } } }))).toBeNull()
  expect(retentionOf(live({ rules: { retention: { after: 'received', months: 6 } } }))).toEqual({ after: 'received', months: 6 })
  expect(retentionOf(live({ preset: 'sealed' }))).toEqual({ after: 'closed', months: 24 })
})

it('erasing and exporting take two people where the policy says so, each by itself, and where there is no policy to ask', () => {
  const takeTwo = (policy: Policy) => [erasureTakesTwo(live(policy)), exportTakesTwo(live(policy))]
  expect(takeTwo({ preset: 'open' })).toEqual([false, false])
  expect(takeTwo({ preset: 'confidential' })).toEqual([true, true])
  expect(takeTwo({ rules: { 'four-eyes': { export: false, erasure: true } } })).toEqual([true, false])
  expect(takeTwo({ rules: { 'four-eyes': { export: true, erasure: false } } })).toEqual([false, true])
  expect([erasureTakesTwo(null), exportTakesTwo(null)]).toEqual([true, true])
})
