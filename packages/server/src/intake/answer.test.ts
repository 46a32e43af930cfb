import { expect, it } from 'vitest'
import { keptAnswer, wholeAnswer } from './answer.ts'

const payload = { iss: 'https://x', salt: 'éε"', leaf: 3 }
const jws = `${Buffer.from('{}').toString('base64url')}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`
const read = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString())

it('is whole again, whatever stands in it', () => {
  for (const facts of [{}, { computed: { receipt: { jws: 'a', text: '"receipt":{"jws":"' } }, route: null }]) {
    expect(read(wholeAnswer(keptAnswer(facts, { jws })))).toEqual({ ...facts, receipt: { payload, jws } })
    const checkpoint = '"receipt":{"jws":"\n— x'
    expect(read(wholeAnswer(keptAnswer(facts, { jws, checkpoint })))).toEqual({ ...facts, receipt: { payload, jws, checkpoint } })
  }
})

it('takes no room for what the signed form says', () => {
  expect(keptAnswer({ reference: 'A' }, { jws })).toBe(`{"reference":"A","receipt":{"jws":"${jws}"}}`)
})

it('leaves what an earlier version kept as it is', () => {
  const before = JSON.stringify({ reference: 'A', receipt: { payload, jws } })
  expect(Buffer.from(wholeAnswer(before)).toString()).toBe(before)
})
