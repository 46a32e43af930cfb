/**
 * T43: root, receipt and webhook keys are changed by another process's view of the key folder while citizens send, follow
 * and officers read. Then an erasure in a month of 100,000, also of one that an earlier version sealed.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeyFolder } from '../../src/keys/key-folder.ts'
import { earlierMonthKey, erase, type SealedOwner } from '../../src/keys/month-key.ts'
import { newBox, reopenBox, type Sealing, sealBytes, wrapAbout } from '../../src/keys/seal-box.ts'
import { randomBytes } from '../../src/random.ts'
import type { AgencyId } from '../../src/store/store.ts'
import { movingDefinition, officerOf, receive } from '../../src/testing/cases.ts'
import { createWorld } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const city = 'city' as AgencyId
const january = new Date('2026-01-05T08:00:00.000Z')
const longest = 30_000

/** Milliseconds for an erasure of one in a month of so many; of those that an earlier version sealed, and of ours. */
async function erasureOfOne(many: number): Promise<{ ours: number; earlier: number; root: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-many-'))
  try {
    const keys = openKeyFolder(folder, january)
    const owners = Array.from({ length: many }, (_, i) => `city|card|${i}`)
    const last = newBox(keys.currentKek(city, january), owners.at(-1) as string)
    const began = performance.now()
    await keys.erase(city, '2026-01', [owners[0] as string], async () => [])
    const ours = performance.now() - began
    const rotating = performance.now()
    keys.rotation.root()
    keys.rotation.retireRoots()
    const root = performance.now() - rotating
    reopenBox(keys.kek(city, '2026-01'), last.sealing as Sealing, owners.at(-1) as string)
    const direct = randomBytes(32)
    const sealed: SealedOwner[] = owners.map((owner) => ({
      owner,
      sealing: { mode: 'at-rest', bucket: '2026-01', key: sealBytes(direct, wrapAbout(owner, '2026-01'), randomBytes(32)).toString('base64url') },
    }))
    const again = performance.now()
    erase('2026-01', earlierMonthKey(direct), [owners[0] as string], sealed)
    return { ours, earlier: performance.now() - again, root }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const rotatedKeys: Line = {
  attack: 'T43',
  name: 'rotated-keys',
  what: 'root, receipt and webhook keys changed again and again while people send, follow and read; one erased in a month of many',
  reach: '0 failed requests; 100,000 keys under a new root, and one of them erased, in 30 s at most',
  async run({ count }) {
    const rounds = count({ quick: 3, usual: 15, full: 60 })
    const world = await createWorld()
    try {
      await world.offer(movingDefinition(), { rules: { rate: { submissionsPerHour: 1_000_000 } } })
      const officer = await officerOf(world)
      const known = [await receive(world)]
      let [asked, failed, over] = [0, 0, false]
      const load = async (work: () => Promise<{ status: number }>) => {
        while (!over) {
          asked++
          const { status } = await work().catch(() => ({ status: 500 }))
          if (status >= 400) failed++
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      const some = () => known[Math.floor(Math.random() * known.length)] as { submission: string; reference: string }
      const running = [
        load(async () => {
          known.push(await receive(world))
          return { status: 201 }
        }),
        load(() => officer.get(`/v1/admin/cases/${some().submission}`)),
        load(() =>
          world.request('/v1/status', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ reference: some().reference }),
            client: `198.51.100.${asked % 250}`,
          }),
        ),
      ]
      const other = openKeyFolder(join(world.folder, 'keys'), january)
      for (let round = 0; round < rounds; round++) {
        other.rotation.root()
        other.rotation.retireRoots()
        other.rotation.receipts(january)
        other.rotation.webhooks('city', january)
        world.adapters.keys.refresh(january)
        const until = asked + 20
        while (asked < until) await new Promise((resolve) => setTimeout(resolve, 5))
      }
      over = true
      await Promise.all(running)
      const { ours, earlier, root } = await erasureOfOne(count({ quick: 2000, usual: 100_000, full: 100_000 }))
      // The control: a root that goes without what it wraps being wrapped anew.
      rmSync(join(world.folder, 'keys/roots'), { recursive: true })
      world.adapters.keys.refresh(january)
      other.rotation.receipts(january)
      const fresh = openKeyFolder(join(world.folder, 'keys'), january)
      let noticed = false
      try {
        fresh.kek(city, '2026-01')
      } catch {
        noticed = true
      }
      const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
      return {
        trials: asked,
        figure: `${failed} of ${asked} failed over ${rounds} changes of each; new root ${seconds(root)}, erasure ${seconds(ours)}, of an earlier version's ${seconds(earlier)}`,
        good: failed === 0 && asked > rounds * 10,
        slow: Math.max(ours, earlier, root) > longest,
        control: { what: 'a root destroyed before its months were wrapped by the next one', noticed },
      }
    } finally {
      await world.close()
    }
  },
}
