/** T41: whether each read of personal data leaves exactly one event, whatever is called in whatever order. */
import fc from 'fast-check'
import { movingDefinition, officerOf } from '../../src/testing/cases.ts'
import { answersOf, createWorld, pdf, plainPolicy } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

export const silentReads: Line = {
  attack: 'T41',
  name: 'silent-reads',
  what: 'cases, files, exports, lists and refusals in random order, by several at once',
  reach: 'exactly one event for each read and each change, none for what was refused or shows nothing',
  async run({ seed, count }) {
    const world = await createWorld()
    await world.offer(movingDefinition(), plainPolicy)
    const officer = await officerOf(world)
    const upload = async () => {
      const answer = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
        method: 'POST',
        headers: { 'Content-Type': 'application/pdf' },
        body: pdf,
      })
      return (await answer.json()).id
    }
    const cases: { id: string; file: string }[] = []
    for (let i = 0; i < 4; i++) {
      const file = await upload()
      const sent = await world.send({ ...answersOf({ student: true, school: 'Polytechnic' }), documents: { student_id: [file] } })
      cases.push({ id: (await sent.json()).submission, file })
    }
    const city = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    const start = (await city.auditHead())?.sequence ?? 0
    const call = {
      open: async (i: number) => {
        const answer = await officer.get(`/v1/admin/cases/${cases[i]?.id}`)
        return answer.status === 200 ? [`submission.read submission:${cases[i]?.id}`] : ['?']
      },
      file: async (i: number) => {
        const answer = await officer.get(`/v1/admin/cases/${cases[i]?.id}/attachments/${cases[i]?.file}`)
        await answer.arrayBuffer()
        return answer.status === 200 ? [`attachment.read attachment:${cases[i]?.file}`] : ['?']
      },
      export: async (i: number) => {
        const answer = await officer.get(`/v1/admin/services/library-card/export.${i % 2 ? 'csv' : 'jsonl'}?purpose=x`)
        await answer.text()
        return answer.status === 200 ? ['submission.exported service:library-card'] : ['?']
      },
      list: async () => {
        await officer.get('/v1/admin/cases')
        return []
      },
      nothing: async () => {
        await officer.get(`/v1/admin/cases/${'0'.repeat(26)}`)
        await officer.get(`/v1/admin/cases/${cases[0]?.id}/attachments/${cases[1]?.file}`)
        return []
      },
      stranger: async (i: number) => {
        await world.request(`/v1/admin/cases/${cases[i]?.id}`)
        return []
      },
    }
    const names = Object.keys(call) as (keyof typeof call)[]
    const steps = fc.sample(fc.tuple(fc.constantFrom(...names), fc.nat(3), fc.boolean()), { seed, numRuns: count({ quick: 80, usual: 600, full: 4000 }) })
    const expected: string[] = []
    let together: Promise<string[]>[] = []
    for (const [name, i, more] of steps) {
      together.push(call[name](i))
      if (more && together.length < 5) continue
      for (const events of await Promise.all(together)) expected.push(...events)
      together = []
    }
    for (const events of await Promise.all(together)) expected.push(...events)
    const logged: string[] = []
    for (let after = start; ; ) {
      const events = await city.auditEvents(after, 500)
      logged.push(...events.map(({ action, object }) => `${action} ${object}`))
      if (events.length < 500) break
      after += 500
    }
    const difference = (a: readonly string[], b: readonly string[]) => {
      const left = [...b]
      return a.filter((each) => {
        const at = left.indexOf(each)
        if (at >= 0) left.splice(at, 1)
        return at < 0
      })
    }
    const [missing, extra] = [difference(expected, logged), difference(logged, expected)]
    // The control: a store that forgets to log a read.
    const { audit } = city
    city.audit = async () => {}
    const before = (await city.auditHead())?.sequence
    await call.open(0)
    const silent = (await city.auditHead())?.sequence === before
    city.audit = audit
    await world.close()
    return {
      trials: steps.length,
      figure: `${steps.length} calls, ${logged.length} events; ${missing.length} missing, ${extra.length} too many${missing[0] ? ` (${missing[0]})` : ''}${extra[0] ? ` (${extra[0]})` : ''}`,
      good: missing.length === 0 && extra.length === 0 && expected.length > 0 && !expected.includes('?'),
      control: { what: 'a store that does not log leaves a read without its event', noticed: silent },
    }
  },
}
