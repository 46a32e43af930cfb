/** To whom is sealed, and for how long a key that was replaced is taken. On a whole server: sealed.test.ts. */
import { keyId } from '@guichet/sealing/recipients'
import { describe, expect, it } from 'vitest'
import { acceptedRecipients, idOfKey, isAccepted, recipientsOf, replacedGrace } from './recipients.ts'

const keyOf = (name: string) => Buffer.alloc(32, name).toString('base64url')
const id = (name: string) => idOfKey(keyOf(name))
const key = (name: string, number: number, createdAt = '2026-01-01T00:00:00.000Z') => ({ number, publicKey: keyOf(name), createdAt })
type Key = ReturnType<typeof key>

/** An agency with these keys, newest first; `asked` counts who looked. */
function agencyOf(epochs: Key[], recoveries: Key[]) {
  const asked: string[] = []
  const agency = {
    async sealingKeys(kind: string, owner: string) {
      asked.push(`${kind} ${owner}`)
      return kind === 'service' && owner === 'card' ? epochs : kind === 'recovery' && owner === '' ? recoveries : []
    },
  } as never
  return { agency, asked, epochs, recoveries }
}

describe('what is published', () => {
  it('is the newest key of the service and the newest recovery key', async () => {
    const { agency } = agencyOf([key('c', 3), key('b', 2)], [key('r', 2), key('q', 1)])
    expect(await recipientsOf(agency, 'card')).toEqual({
      epoch: 3,
      recipients: [
        { kind: 'service', key: keyOf('c') },
        { kind: 'recovery', key: keyOf('r') },
      ],
    })
  })

  it('is nothing as long as one of them was never made', async () => {
    expect(await recipientsOf(agencyOf([key('a', 1)], []).agency, 'card')).toBeNull()
    expect(await recipientsOf(agencyOf([], [key('r', 1)]).agency, 'card')).toBeNull()
  })

  it('calls a key what browsers call it', async () => {
    expect(id('a')).toBe(await keyId(keyOf('a')))
  })
})

describe('what is taken', () => {
  const replaced = '2026-01-05T08:00:00.000Z'
  const after = (ms: number) => new Date(Date.parse(replaced) + ms)

  it('is also what was replaced less than a day ago, each with each', async () => {
    expect(replacedGrace).toBe(86_400_000)
    const { agency } = agencyOf([key('b', 2, replaced), key('a', 1)], [key('r', 2, replaced), key('q', 1)])
    const sets = async (ms: number) => acceptedRecipients(agency, 'card', after(ms))
    expect(await sets(86_399_999)).toEqual([
      [id('b'), id('r')],
      [id('b'), id('q')],
      [id('a'), id('r')],
      [id('a'), id('q')],
    ])
    expect(await sets(86_400_000)).toEqual([[id('b'), id('r')]])
    expect(await acceptedRecipients(agency, 'permit', after(0))).toEqual([])
  })

  it('is a set as a whole, in any order, and no part of it', async () => {
    const { agency } = agencyOf([key('a', 1)], [key('r', 1)])
    const taken = (...names: string[]) => isAccepted(agency, 'card', after(0), names.map(id))
    expect([await taken('a', 'r'), await taken('r', 'a')]).toEqual([true, true])
    for (const names of [[], ['a'], ['a', 'x'], ['a', 'a'], ['a', 'r', 'x']]) expect([names, await taken(...names)]).toEqual([names, false])
  })

  it('is looked up once a minute, for each service and agency', async () => {
    const { agency, asked } = agencyOf([key('a', 1)], [key('r', 1)])
    const looks = async (ms: number, service = 'card') => {
      const before = asked.length
      const taken = await isAccepted(agency, service, after(ms), [id('a'), id('r')])
      return [taken, (asked.length - before) / 2]
    }
    expect(await looks(0)).toEqual([true, 1])
    expect([await looks(0), await looks(59_999)]).toEqual([
      [true, 0],
      [true, 0],
    ])
    expect(await looks(60_000)).toEqual([true, 1])
    expect(await looks(60_000, 'permit')).toEqual([false, 1])
    // A clock that was set back must not make it last.
    expect(await looks(-1)).toEqual([true, 1])
    const other = agencyOf([], [])
    expect([await isAccepted(other.agency, 'card', after(0), [id('a'), id('r')]), other.asked.length]).toEqual([false, 2])
  })

  it('is looked up at once where it is not known: another replica may just have published it', async () => {
    const { agency, epochs } = agencyOf([key('a', 1)], [key('r', 1)])
    const taken = (name: string) => isAccepted(agency, 'card', after(1000), [id(name), id('r')])
    expect([await taken('a'), await taken('b')]).toEqual([true, false])
    epochs.unshift(key('b', 2, replaced))
    expect([await taken('b'), await taken('a')]).toEqual([true, true])
  })
})
