/** What every implementation of the store must hold about mails to officers. Part of store-suite.ts. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { OfficerMail } from './officer-mail.ts'
import type { AgencyStore, SubmissionEntry } from './store.ts'

const at = '2026-01-05T08:00:00.000Z'
const by = { actor: 'user:u2', at }

export function officerMailSuite(agencies: () => { city: AgencyStore; town: AgencyStore }, entry: (id: string) => SubmissionEntry) {
  describe('mails to officers', () => {
    let city: AgencyStore
    let town: AgencyStore
    beforeEach(async () => {
      ;({ city, town } = agencies())
      await city.offerSetup('token')
      await city.createFirstUser({ id: 'u1', email: 'a@example.org', name: 'A', passwordHash: 'x' }, 'token', at)
    })
    const wish = { user: 'u1', language: 'el', assigned: 1, days: 3, digest: 0 }
    const now = async () => (await city.officerMail('u1')) as OfficerMail
    const receive = async (id: string) => {
      await city.claimKey({ service: 'card', keyHash: `key ${id}`, bodyMac: 'mac', at }, '')
      await city.record(entry(id))
    }
    const mail = (id: string) => ({ id, kind: 'officer-mail', destination: 'mail', payload: new TextEncoder().encode('{}') })

    it('are nobody’s until they are asked for, and end', async () => {
      expect([await city.officerMail('u1'), await city.subscribers(), await city.endOfficerMail('u1')]).toEqual([null, [], false])
      await city.saveOfficerMail(wish, '2026-01-05')
      expect(await now()).toEqual({ ...wish, given: 0, toldOn: '2026-01-05' })
      await city.saveOfficerMail({ ...wish, language: 'hu', digest: 1 }, '2026-01-07')
      // What was told stays told.
      expect(await city.subscribers()).toEqual([{ ...wish, language: 'hu', digest: 1, given: 0, toldOn: '2026-01-05' }])
      expect([await town.subscribers(), await town.officerMail('u1'), await town.endOfficerMail('u1')]).toEqual([[], null, false])
      expect([await city.endOfficerMail('u1'), await city.subscribers()]).toEqual([true, []])
    })

    it('count what colleagues gave, and not what somebody took', async () => {
      for (const id of ['s1', 's2', 's3']) await receive(id)
      await city.assignCase('s1', null, 'u1', by)
      await city.saveOfficerMail(wish, '2026-01-05')
      await city.assignCase('s2', null, 'u1', by)
      await city.assignCase('s3', null, 'u1', { ...by, actor: 'user:u1' })
      expect((await now()).given).toBe(1)
      await city.assignCase('s1', 'u1', null, by)
      await city.assignCase('s1', null, 'u1', by)
      expect((await now()).given).toBe(2)
      await city.saveOfficerMail({ ...wish, assigned: 0 }, '2026-01-05')
      await city.assignCase('s2', 'u1', null, by)
      await city.assignCase('s2', null, 'u1', by)
      expect((await now()).given).toBe(0)
    })

    it('are put into the outbox once, whoever else looks', async () => {
      await receive('s1')
      await city.saveOfficerMail(wish, '2026-01-05')
      await city.assignCase('s1', null, 'u1', by)
      const before = await now()
      const after = { given: 0, toldOn: '2026-01-06' }
      const told = await Promise.all(['m1', 'm2'].map((id) => city.tellOfficer(before, after, mail(id), 'card', at)))
      expect(told.filter(Boolean)).toHaveLength(1)
      expect((await city.deliveries('waiting', 10)).filter(({ kind }) => kind === 'officer-mail')).toMatchObject([{ service: 'card', submission: null }])
      expect(await now()).toMatchObject(after)
      // Another one was given since it was read.
      const read = await now()
      await city.assignCase('s1', 'u1', null, by)
      await city.assignCase('s1', null, 'u1', by)
      expect(await city.tellOfficer(read, { given: 0, toldOn: '2026-01-07' }, mail('m3'), 'card', at)).toBe(false)
      expect((await now()).given).toBe(1)
      await city.endOfficerMail('u1')
      expect(await city.tellOfficer(read, after, mail('m4'), 'card', at)).toBe(false)
    })
  })
}
