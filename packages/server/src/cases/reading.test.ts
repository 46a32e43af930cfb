/** How the policy is asked before somebody of the agency sees anything, over a policy that says what it was asked. */
import { describe, expect, it } from 'vitest'
import { openAuditNote } from '../audit/note.ts'
import type { ReadDeed } from '../policy/rule.ts'
import { testKek } from '../testing/month-key.ts'
import { refusalOf } from '../testing/refusal.ts'
import { askAboutCase, askToRead, mayList, type Reading, saidFor } from './reading.ts'

const at = '2026-01-05T08:00:00.000Z'
const by = { actor: 'user:ada', at }
const reading: Reading = { roles: (service) => [`officer of ${service}`], client: '203.0.113.9', purpose: 'handling', language: 'en' }

/** A server with one service, whose policy answers `refusal`. */
function serverOf(refusal: object | null = null, fails?: Error) {
  const asked: unknown[] = []
  const policy = {
    read: async (evidence: unknown) => {
      asked.push(evidence)
      if (fails) throw fails
      return refusal
    },
    reveal: (evidence: unknown) => (path: string) => {
      asked.push(evidence)
      return path === 'name'
    },
  }
  const adapters = { live: { find: async (agency: string, service: string) => (agency === 'city' && service === 'card' ? { policy } : null) } } as never
  const agency = { id: 'city', submission: async (id: string) => (id === 'lost' ? null : { id, service: id }) } as never
  return { adapters, agency, asked }
}

describe('whoever reads', () => {
  it.each<[ReadDeed, string]>([
    ['list', 'list'],
    ['open', 'case'],
    ['attachment', 'attachment'],
    ['decide', 'case'],
    ['export', 'export'],
  ])('to %s is judged by who they are, from where and what for, and sees what goes by the way of a %s', async (deed, way) => {
    const { adapters, agency, asked } = serverOf()
    const sight = await askToRead(adapters, agency, 'card', deed, reading, by)
    expect([sight.purpose, sight.sees('name'), sight.sees('other')]).toEqual(['handling', true, false])
    const roles = ['officer of card']
    expect(asked).toEqual([
      { deed, agency: 'city', service: 'card', reader: { id: 'user:ada', roles }, client: '203.0.113.9', purpose: 'handling', now: new Date(at) },
      ...[
        { roles, way },
        { roles, way },
      ],
    ])
  })

  it.each<[string | undefined, string | null]>([
    [' handling ', 'handling'],
    [undefined, null],
    ['   ', null],
    ['two\nlines', null],
    ['x'.repeat(200), 'x'.repeat(200)],
    ['x'.repeat(201), null],
  ])('says what for: %j', async (purpose, kept) => {
    const { adapters, agency, asked } = serverOf()
    expect((await askToRead(adapters, agency, 'card', 'open', { ...reading, purpose }, by)).purpose).toBe(kept)
    expect(asked[0]).toMatchObject({ purpose: kept })
  })

  it('is refused as the policy says, with the purposes to choose from in their language', async () => {
    const refusal = (members?: object) => ({ status: 403, code: 'purpose', ...(members ? { members } : {}) })
    const refused = (members: object | undefined, language = 'en') => {
      const { adapters, agency } = serverOf(refusal(members))
      return refusalOf(() => askToRead(adapters, agency, 'card', 'open', { ...reading, language }, by))
    }
    const purposes = ['handling', 'of our own']
    const named = (label: string) => ({
      purposes: [
        { id: 'handling', label },
        { id: 'of our own', label: 'of our own' },
      ],
    })
    expect(await refused({ purposes })).toMatchObject({ status: 403, code: 'purpose', members: named('Handling the case') })
    expect(await refused({ purposes }, 'hu')).toMatchObject({ members: named('Az ügy intézése') })
    expect(await refused({ other: 1 })).toMatchObject({ members: { other: 1 } })
    expect(await refused(undefined)).toMatchObject({ status: 403, members: undefined })
  })

  it('finds no service that is none, whatever they may', async () => {
    const { adapters, agency, asked } = serverOf()
    expect(await refusalOf(() => askToRead(adapters, agency, 'permit', 'open', reading, by))).toEqual({ status: 404, code: 'not-found' })
    expect(asked).toEqual([])
  })

  it('of a case is asked by its service, and one that is not there is not found', async () => {
    const { adapters, agency, asked } = serverOf()
    expect((await askAboutCase(adapters, agency, 'card', 'decide', reading, by)).purpose).toBe('handling')
    expect(asked[0]).toMatchObject({ service: 'card', deed: 'decide' })
    expect(await refusalOf(() => askAboutCase(adapters, agency, 'lost', 'decide', reading, by))).toEqual({ status: 404, code: 'not-found' })
    expect(asked).toHaveLength(1)
  })
})

describe('cases of a service', () => {
  it('stand in a list unless a rule is against it; a fault is no answer', async () => {
    const listed = (server: ReturnType<typeof serverOf>, service = 'card') => mayList(server.adapters, server.agency, service, reading, by)
    const server = serverOf()
    expect(await listed(server)).toBe(true)
    expect(server.asked[0]).toMatchObject({ deed: 'list' })
    expect(await listed(serverOf({ status: 403, code: 'network' }))).toBe(false)
    expect(await listed(serverOf(), 'permit')).toBe(false)
    await expect(listed(serverOf(null, new Error('broken')))).rejects.toThrow('broken')
  })
})

describe('what it was for', () => {
  const kek = testKek()
  const keys = { currentKek: () => kek, kek: () => kek }

  it('is committed to in the log, and lies beside it sealed', () => {
    const deed = { ...by, details: { submission: 's1' } }
    const said = saidFor({ keys } as never, { id: 'city' } as never, 'the complaint of Ana', deed)
    expect(said).toMatchObject({ actor: 'user:ada', at, details: { submission: 's1', purpose: expect.stringMatching(/^sha256-/) } })
    expect(JSON.stringify(said)).not.toContain('Ana')
    expect(openAuditNote({ keys } as never, 'city' as never, said.note as never, said.details?.purpose)).toBe('the complaint of Ana')
  })

  it('leaves the deed as it is where nothing was said', () => {
    expect(saidFor({ keys } as never, { id: 'city' } as never, null, by)).toBe(by)
  })
})
