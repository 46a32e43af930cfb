/** What somebody whose reach ends within an agency gets of each query, over an agency of rows. On real stores: limited.test.ts. */
import { describe, expect, it } from 'vitest'
import { type AgencyStore, Conflict } from '../store/store.ts'
import { caseScope, limitedTo } from './limited.ts'
import type { Reach } from './may.ts'

const stagesOf: Record<string, object[]> = {
  card: [{ id: 'intake', unit: 'desk' }, { id: 'check', units: [{ unit: 'back' }, { unit: 'desk' }] }, { id: 'done' }],
  permit: [
    { id: 'first', unit: 'front' },
    { id: 'check', unit: 'back', units: [{ unit: 'front' }] },
  ],
}
let made = 0

/** An agency of its own, whose queries say what they were asked. What is asked about a case finds `in` the scope that it was asked within. */
function agencyOf(changes: object = {}) {
  const asked: unknown[][] = []
  const says =
    (name: string, answer: unknown = `answer to ${name}`) =>
    async (...args: unknown[]) => {
      asked.push([name, ...args])
      return answer
    }
  const names = [
    'cases',
    'openCases',
    'countOpen',
    'countOpenByVersion',
    'countDrafts',
    'assignCase',
    'addCaseNote',
    'caseNotes',
    'exportScope',
    'submissionsBetween',
    'attachmentsOf',
    'caseSteps',
    'amendments',
  ]
  const more = ['moveCase', 'saveService', 'publish', 'sealingWraps', 'service', 'version', 'keep', 'forgetKept']
  const releases = ['requestRelease', 'releases', 'decideRelease', 'endRelease', 'carryOutRelease']
  const rows = [{ service: 'card' }, { service: 'permit' }, { service: '' }]
  const agency = {
    id: `agency-${made++}`,
    ...Object.fromEntries([...names, ...more, ...releases].map((name) => [name, says(name)])),
    // A release has the name of its service too; of what is of no service there is none.
    release: async (id: string) => (id === 'none' ? null : { id, service: id }),
    async submission(id: string, scope: { service: string }[]) {
      asked.push(['submission', id, scope])
      return scope.some(({ service }) => service === id) ? { id } : null
    },
    services: async () => [{ id: 'card' }, { id: 'permit' }],
    published: async (service?: string) =>
      ['card', 'permit'].filter((one) => service === undefined || one === service).map((one) => ({ service: one, version: 2 })),
    versions: async (service: string) => (stagesOf[service] ? [{ version: 2 }, { version: 1 }] : []),
    attachments: async (ids: string[]) => ids.map((id) => ({ id, submission: id === 'loose' ? null : id })),
    monthly: (...args: unknown[]) => says('monthly', rows)(...args),
    daily: (...args: unknown[]) => says('daily', rows)(...args),
    submissions: says('submissions'),
    keys: says('keys'),
    ...changes,
  }
  const versions = async (service: string, version: number) => {
    asked.push(['version', service, version])
    return version === 2
      ? { definition: { stages: stagesOf[service] } }
      : {
          definition: {
            stages: [
              { id: 'intake', unit: 'old' },
              { id: 'gone', unit: 'old' },
            ],
          },
        }
  }
  return { agency: { version: versions, ...agency, ...('version' in changes ? {} : { version: versions }) } as unknown as AgencyStore, asked }
}
const none = { services: null, units: null }
const see = async (agency: AgencyStore, ...reach: Partial<Reach>[]) =>
  limitedTo(
    agency,
    reach.map((part) => ({ ...none, ...part })),
  )
const scopeOf = (...reach: Partial<Reach>[]) =>
  caseScope(
    agencyOf().agency,
    reach.map((part) => ({ ...none, ...part })),
  )

describe('the cases of a reach', () => {
  it.each<[string, Partial<Reach>[], object[]]>([
    ['of a service', [{ services: ['card'] }], [{ service: 'card' }]],
    [
      'of a unit, by the newest version that has a stage',
      [{ units: ['back'] }],
      [
        { service: 'card', stages: ['check'] },
        { service: 'permit', stages: ['check'] },
      ],
    ],
    [
      'of a unit that older versions alone have, of their stages alone',
      [{ units: ['old'] }],
      [
        { service: 'card', stages: ['gone'] },
        { service: 'permit', stages: ['intake', 'gone'] },
      ],
    ],
    ['of several units', [{ services: ['card'], units: ['desk', 'back'] }], [{ service: 'card', stages: ['intake', 'check'] }]],
    ['of a unit without a stage', [{ units: ['nobody'] }], []],
    ['of no unit', [{ units: [] }], []],
    ['of a service that has none', [{ services: ['nothing'], units: ['desk'] }], []],
    [
      'of two units by two memberships',
      [
        { services: ['permit'], units: ['front'] },
        { services: ['permit'], units: ['back'] },
      ],
      [{ service: 'permit', stages: ['first', 'check'] }],
    ],
    ['of a unit and then all of it', [{ services: ['card'], units: ['desk'] }, { services: ['card'] }], [{ service: 'card' }]],
    ['of all of it and then a unit', [{ services: ['card'] }, { services: ['card'], units: ['desk'] }], [{ service: 'card' }]],
    ['of nothing', [], []],
  ])('%s', async (_, reach, expected) => expect(await scopeOf(...reach)).toEqual(expected))

  it('are looked up once for each version that is published', async () => {
    let version = 2
    const { agency, asked } = agencyOf({ published: async () => [{ service: 'card', version }] })
    const looked = async () => {
      asked.length = 0
      await see(agency, { services: ['card'], units: ['desk'] })
      return asked.filter(([name]) => name === 'version').length
    }
    expect([await looked(), await looked()]).toEqual([2, 0])
    version = 3
    expect([await looked(), await looked()]).toEqual([2, 0])
  })

  it('are none of a service without a version, or whose version is gone', async () => {
    const gone = agencyOf({ version: async () => null }).agency
    expect(await caseScope(gone, [{ services: ['card'], units: ['desk'] }])).toEqual([])
    const unpublished = agencyOf({ published: async () => [], version: async () => ({ definition: {} }) }).agency
    expect(await caseScope(unpublished, [{ services: ['card'], units: ['desk'] }])).toEqual([])
  })

  it('of many services are not all remembered', async () => {
    const services = Array.from({ length: 501 }, (_, i) => `s${i}`)
    const { agency, asked } = agencyOf({ versions: async (service: string) => asked.push(['versions', service]) && [] })
    const looked = async (...names: string[]) => {
      asked.length = 0
      await caseScope(agency, [{ services: names, units: ['desk'] }])
      return asked.length
    }
    expect(await looked(...services)).toBe(501)
    // The last is remembered, and the first was forgotten with those before it.
    expect([await looked('s500'), await looked('s0')]).toEqual([0, 1])
  })
})

describe('an agency behind a limit', () => {
  it('is the agency itself where everything is reached', async () => {
    const { agency } = agencyOf()
    expect(await limitedTo(agency, 'everything')).toBe(agency)
  })

  it('asks for lists and exports within the scope', async () => {
    const { agency, asked } = agencyOf()
    const mine = await see(agency, { services: ['card'] })
    asked.length = 0
    const scope = [{ service: 'card' }]
    const filter = { service: 'card' } as never
    await mine.cases(filter, null as never, 5)
    await mine.openCases(filter, null as never, 6)
    await mine.countOpen(filter, 7)
    await mine.exportScope('card')
    await mine.submissionsBetween('card', 'a', 'b', 8)
    await mine.submission('card')
    expect(asked).toEqual([
      ['cases', filter, null, 5, scope],
      ['openCases', filter, null, 6, scope],
      ['countOpen', filter, 7, scope],
      ['exportScope', 'card', scope],
      ['submissionsBetween', 'card', 'a', 'b', 8, scope],
      ['submission', 'card', scope],
    ])
    await expect(mine.submissions()).rejects.toThrow('Nobody who is limited reads all submissions at once.')
  })

  it('counts by version what is of a service that is theirs, and of a unit alone nothing', async () => {
    const { agency } = agencyOf()
    const counts = async (reach: Parameters<typeof see>[1], service: string) => {
      const mine = await see(agency, reach)
      return [await mine.countOpenByVersion(service, 7), await mine.countDrafts(service, 7, '2026')]
    }
    expect(await counts({ services: ['card'] }, 'card')).toEqual(['answer to countOpenByVersion', 'answer to countDrafts'])
    expect(await counts({ services: ['card'] }, 'permit')).toEqual([[], []])
    expect(await counts({ services: ['card'], units: ['desk'] }, 'card')).toEqual([[], []])
  })

  /** In these rows a case has the name of its service. */
  const by = { actor: 'user:1', at: '2026-01-05T08:00:00.000Z' }
  const changes: [string, (agency: AgencyStore, of: string) => Promise<unknown>, unknown[]][] = [
    ['assignCase', (agency, of) => agency.assignCase(of, null, 'user:2', by), ['card', null, 'user:2', by]],
    ['addCaseNote', (agency, of) => agency.addCaseNote({ submission: of } as never, by), [{ submission: 'card' }, by]],
    ['moveCase', (agency, of) => agency.moveCase({ from: { id: of } } as never), [{ from: { id: 'card' } }]],
    ['saveService', (agency, of) => agency.saveService({ id: of } as never, 1, by), [{ id: 'card' }, 1, by]],
    ['publish', (agency, of) => agency.publish({ service: of } as never, 1, by, none as never), [{ service: 'card' }, 1, by, none]],
    ['requestRelease', (agency, of) => agency.requestRelease({ service: of } as never, 1, by), [{ service: 'card' }, 1, by]],
    ['decideRelease', (agency, of) => agency.decideRelease(of, 'waiting', by), ['card', 'waiting', by]],
    ['endRelease', (agency, of) => agency.endRelease(of, 'withdrawn', ['late'], by), ['card', 'withdrawn', ['late'], by]],
    ['carryOutRelease', (agency, of) => agency.carryOutRelease(of, { service: of } as never, by, none as never), ['card', { service: 'card' }, by, none]],
  ]
  it.each(changes)('changes by %s what is theirs, and nothing else', async (name, change, args) => {
    const { agency, asked } = agencyOf()
    const mine = await see(agency, { services: ['card'] })
    asked.length = 0
    await expect(change(mine, 'permit')).rejects.toThrow(new Conflict('stale'))
    expect(asked.filter(([query]) => query === name)).toEqual([])
    await change(mine, 'card')
    expect(asked.filter(([query]) => query === name)).toEqual([[name, ...args]])
  })

  it('carries out no release of theirs as a version of another service, and none of another as a version of theirs', async () => {
    const { agency, asked } = agencyOf()
    const mine = await see(agency, { services: ['card'] })
    for (const [release, service] of [
      ['card', 'permit'],
      ['permit', 'card'],
      ['none', 'card'],
    ] as const)
      await expect(mine.carryOutRelease(release, { service } as never, by)).rejects.toThrow(new Conflict('stale'))
    expect(asked.filter(([query]) => query === 'carryOutRelease')).toEqual([])
  })

  it('leaves to those who have the whole what all services share, but for a base, which is known by its content', async () => {
    const { agency, asked } = agencyOf()
    const kept = (kind: string) => ({ kind, id: 'one' }) as never
    const limited = [await see(agency, { services: ['card'] }), await see(agency, { services: [] }), await see(agency, { services: ['card'], units: ['desk'] })]
    for (const mine of limited) {
      asked.length = 0
      for (const kind of ['block', 'template']) await expect(mine.keep(kept(kind), 5, by)).rejects.toThrow(new Conflict('stale'))
      expect(await mine.forgetKept('block', 'one', by)).toBe(false)
      expect(asked).toEqual([])
      await mine.keep(kept('base'), 5, by)
      expect(asked).toEqual([['keep', { kind: 'base', id: 'one' }, 5, by]])
    }
    // The control: a limit that leaves out no service.
    const all = await see(agency, { units: ['desk'] })
    asked.length = 0
    await all.keep(kept('block'), 5, by)
    expect(await all.forgetKept('block', 'one', by)).toBe('answer to forgetKept')
    expect(asked).toEqual([
      ['keep', { kind: 'block', id: 'one' }, 5, by],
      ['forgetKept', 'block', 'one', by],
    ])
  })

  const looks: [string, (agency: AgencyStore, of: string) => Promise<unknown>, unknown][] = [
    ['caseNotes', (agency, of) => agency.caseNotes(of), []],
    ['attachmentsOf', (agency, of) => agency.attachmentsOf(of), []],
    ['caseSteps', (agency, of) => agency.caseSteps(of, 3), []],
    ['amendments', (agency, of) => agency.amendments(of), []],
    ['sealingWraps', (agency, of) => agency.sealingWraps(of), []],
    ['service', (agency, of) => agency.service(of), null],
    ['version', (agency, of) => agency.version(of, 2), null],
    ['versions', (agency, of) => agency.versions(of), []],
    ['published', (agency, of) => agency.published(of), []],
    ['releases', (agency, of) => agency.releases(of, 4), []],
    ['release', (agency, of) => agency.release(of), null],
  ]
  it.each(looks)('finds by %s what is theirs, and of others nothing', async (name, look, nothing) => {
    const { agency } = agencyOf()
    const mine = await see(agency, { services: ['card'] })
    expect(await look(mine, 'permit')).toEqual(nothing)
    expect(await look(mine, 'card')).toEqual(await look(agency, 'card'))
    // The control: without the limit it is there.
    expect(await look(agency, 'permit'), name).not.toEqual(nothing)
  })

  it('shows files of cases that are theirs, and none that is of no case', async () => {
    const mine = await see(agencyOf().agency, { services: ['card'] })
    expect(await mine.attachments(['permit', 'card', 'loose'])).toEqual([{ id: 'card', submission: 'card' }])
  })

  it('lists services by the limit to services, and all of them where there is only one to units', async () => {
    const { agency } = agencyOf()
    const listed = async (...reach: Partial<Reach>[]) => {
      const mine = await see(agency, ...reach)
      return [(await mine.services()).map(({ id }) => id), (await mine.published()).map(({ service }) => service)]
    }
    expect(await listed({ services: ['card'] })).toEqual([['card'], ['card']])
    expect(await listed({ services: ['card'], units: ['desk'] }, { services: ['permit'] })).toEqual(Array(2).fill(['card', 'permit']))
    expect(await listed({ services: ['card'] }, { units: ['desk'] })).toEqual(Array(2).fill(['card', 'permit']))
    expect(await listed({ services: [] })).toEqual([[], []])
  })

  it('counts services that are theirs as a whole', async () => {
    const { agency, asked } = agencyOf()
    const counted = async (...reach: Partial<Reach>[]) => {
      const mine = await see(agency, ...reach)
      const both = [await mine.monthly('2026-02'), await mine.daily('2026-01-01', '2026-01-31')].map((rows) => rows.map(({ service }) => service))
      expect(both[0]).toEqual(both[1])
      return both[0]
    }
    expect(await counted({ services: ['card'] }, { services: ['permit'], units: ['front'] })).toEqual(['card'])
    expect(await counted({ units: ['desk'] })).toEqual([])
    expect(asked).toContainEqual(['monthly', '2026-02'])
    expect(asked).toContainEqual(['daily', '2026-01-01', '2026-01-31'])
  })

  it('leaves what is no service’s to the permission of the route', async () => {
    const { agency } = agencyOf()
    expect((await see(agency, { services: [] })).keys).toBe(agency.keys)
  })
})
