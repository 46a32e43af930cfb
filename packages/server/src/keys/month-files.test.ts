import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgencyId } from '../store/store.ts'
import { openKeyFolder } from './key-folder.ts'
import { RootFailed } from './roots/root-keys.ts'
import { KeyGone, newBox, reopenBox, type SealBox } from './seal-box.ts'

const january = new Date('2026-01-20T08:00:00Z')
const city = 'city' as AgencyId
const word = new TextEncoder().encode('what nobody may read')
const nothing = async () => []
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (roots: string | null = null) => openKeyFolder(join(folder, 'keys'), january, roots)
type Keys = ReturnType<typeof open>
const files = () => readdirSync(join(folder, 'keys/agencies/city')).filter((name) => name.startsWith('2026-01'))
const seal = (keys: Keys, owner: string) => {
  const box = newBox(keys.currentKek(city, january), owner)
  return { owner, box, bytes: box.seal('answers', word) }
}
const opens = (keys: Keys, { owner, box, bytes }: { owner: string; box: SealBox; bytes: Uint8Array }) => {
  try {
    return Buffer.from(reopenBox(keys.kek(city, '2026-01'), box.sealing!, owner).open('answers', bytes)).equals(word)
  } catch (error) {
    if (error instanceof KeyGone) return false
    throw error
  }
}

describe('the files of the months', () => {
  it('are wrapped by a root, and say nothing of the key without it', () => {
    const keys = open()
    const one = seal(keys, 'city|card|1')
    const text = readFileSync(join(folder, 'keys/agencies/city/2026-01.key'), 'utf8')
    expect(Object.keys(JSON.parse(text)).sort()).toEqual(['content', 'format', 'key', 'mark', 'root'])
    expect(opens(open(), one)).toBe(true)
    rmSync(join(folder, 'keys/roots'), { recursive: true })
    // Not to be taken for an erasure: it comes back with its root.
    expect(() => opens(open(), one)).toThrow(RootFailed)
  })

  it('may have their root elsewhere', () => {
    const keys = open(join(folder, 'stick'))
    const one = seal(keys, 'city|card|1')
    expect(existsSync(join(folder, 'keys/roots'))).toBe(false)
    expect(statSync(join(folder, 'stick', readdirSync(join(folder, 'stick'))[0]!)).mode & 0o777).toBe(0o600)
    expect(opens(open(join(folder, 'stick')), one)).toBe(true)
    expect(() => opens(open(), one)).toThrow(RootFailed)
  })

  it('are bound to their agency and month', () => {
    const keys = open()
    seal(keys, 'city|card|1')
    keys.currentKek('town' as AgencyId, january)
    writeFileSync(join(folder, 'keys/agencies/town/2026-01.key'), readFileSync(join(folder, 'keys/agencies/city/2026-01.key')))
    expect(() => open().kek('town' as AgencyId, '2026-01')).toThrow(RootFailed)
  })

  it('are gone from every process that has them open, as soon as it looks', async () => {
    const [here, there] = [open(), open()]
    const [one, two] = [seal(here, 'city|card|1'), seal(here, 'city|card|2')]
    expect(opens(there, one)).toBe(true)
    expect(await here.erase(city, '2026-01', ['city|card|1'], nothing)).toBe(1)
    expect([opens(here, one), opens(there, one)]).toEqual([false, false])
    expect([opens(here, two), opens(there, two)]).toEqual([true, true])
    expect(files()).toEqual(['2026-01.1.key'])
    expect(await there.erase(city, '2026-01', ['city|card|1'], nothing)).toBe(0)
  })

  it('keeps its mark over erasures, so that it is still the key of this database', async () => {
    const keys = open()
    const before = keys.marks(city, january).get('sealing/2026-01')
    await keys.erase(city, '2026-01', ['city|card|1'], nothing)
    keys.destroy(city, '2026-01')
    expect(open().marks(city, january).get('sealing/2026-01')).toBe(before)
    expect(keys.months('city').find(({ bucket }) => bucket === '2026-01')).toMatchObject({ destroyed: true })
  })

  it('opens nothing once it was destroyed, and is not made again', () => {
    const keys = open()
    const one = seal(keys, 'city|card|1')
    keys.destroy(city, '2026-01')
    expect(opens(open(), one)).toBe(false)
    expect(() => seal(open(), 'city|card|2')).toThrow(KeyGone)
  })

  it('is no erasure where its folder is out of reach', () => {
    const one = seal(open(), 'city|card|1')
    const place = join(folder, 'keys/agencies/city')
    renameSync(place, `${place}-away`)
    // What root may not enter either.
    symlinkSync('city', place)
    expect(() => opens(open(), one)).toThrow(/ELOOP/)
    rmSync(place)
    renameSync(`${place}-away`, place)
    expect(opens(open(), one)).toBe(true)
  })

  it('takes up what a process left that was killed between writing the new file and removing the old one', async () => {
    const keys = open()
    const [one, two] = [seal(keys, 'city|card|1'), seal(keys, 'city|card|2')]
    const old = readFileSync(join(folder, 'keys/agencies/city/2026-01.key'))
    await keys.erase(city, '2026-01', ['city|card|1'], nothing)
    writeFileSync(join(folder, 'keys/agencies/city/2026-01.key'), old)
    expect([opens(open(), one), opens(open(), two)]).toEqual([false, true])
    expect(files()).toEqual(['2026-01.1.key'])
  })

  it('removes drafts of files whose writer is dead', () => {
    const keys = open()
    seal(keys, 'city|card|1')
    writeFileSync(join(folder, 'keys/agencies/city/2026-01.1.key.x.new'), 'half a file')
    keys.refresh(new Date())
    expect(files()).toContain('2026-01.1.key.x.new')
    keys.refresh(new Date(Date.now() + 3600_000))
    expect(files()).toEqual(['2026-01.key'])
  })

  it('is read from what an earlier version wrote, and written wrapped at the next rotation', () => {
    open()
    const path = join(folder, 'keys/agencies/city/2026-01.key')
    const keys = open()
    keys.marks(city, january)
    writeFileSync(path, Buffer.alloc(32, 9).toString('base64url'))
    const one = seal(open(), 'city|card|1')
    const mark = open().marks(city, january).get('sealing/2026-01')
    open().rotation.root()
    expect(files()).toEqual(['2026-01.1.key'])
    expect(readFileSync(join(folder, 'keys/agencies/city/2026-01.1.key'), 'utf8')).not.toContain(Buffer.alloc(32, 9).toString('base64url'))
    expect(opens(open(), one)).toBe(true)
    expect(open().marks(city, january).get('sealing/2026-01')).toBe(mark)
  })
})

describe('rotation of the root', () => {
  it('wraps all months anew, while others go on reading, and then makes older copies of the folder useless', () => {
    const [here, there] = [open(), open()]
    const one = seal(here, 'city|card|1')
    here.marks(city, january)
    const old = readFileSync(join(folder, 'keys/agencies/city/2026-01.key'))
    const before = here.rotation.currentRoot()
    const shown: string[] = []
    const progress = (done: number, total: number, what: string) => void shown.push(`${done}/${total} ${what}`)
    const { root, months } = here.rotation.root(progress)
    expect(root).not.toBe(before)
    expect(months).toBe(2)
    expect([opens(there, one), opens(open(), one)]).toEqual([true, true])
    expect(here.rotation.retireRoots(progress)).toEqual([before])
    expect(shown).toEqual(['1/2 city 2026-01', '2/2 city 2026-02', '1/2 city 2026-01', '2/2 city 2026-02'])
    expect(opens(open(), one)).toBe(true)
    // A copy of the folder from before, brought back: its root is gone.
    for (const name of files()) rmSync(join(folder, 'keys/agencies/city', name))
    writeFileSync(join(folder, 'keys/agencies/city/2026-01.key'), old)
    expect(() => opens(open(), one)).toThrow(RootFailed)
  })

  it('wraps what is left first where it was broken off', () => {
    const keys = open()
    const one = seal(keys, 'city|card|1')
    const stick = readdirSync(join(folder, 'keys/roots'))
    // As if it had been killed right after the new root was made.
    writeFileSync(join(folder, 'keys/roots', stick[0]!), readFileSync(join(folder, 'keys/roots', stick[0]!)))
    keys.rotation.root()
    expect(keys.rotation.retireRoots()).toHaveLength(1)
    expect(opens(open(), one)).toBe(true)
  })
})

describe('a root behind a command', () => {
  const program = () => {
    const path = join(folder, 'kms')
    const box = new URL('./seal-box.ts', import.meta.url).pathname
    writeFileSync(
      path,
      `#!${process.execPath}
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { openBytes, sealBytes } from ${JSON.stringify(box)}
const place = ${JSON.stringify(join(folder, 'kms.json'))}
const known = existsSync(place) ? JSON.parse(readFileSync(place, 'utf8')) : { roots: ['r1'] }
const given = JSON.parse(readFileSync(0, 'utf8'))
const keyOf = (root) => { if (!known.roots.includes(root)) process.exit(3); return Buffer.alloc(32, root) }
const word = process.argv[2]
const answers = {
  current: () => ({ root: known.roots[0] }),
  wrap: () => ({ root: known.roots[0], wrapped: sealBytes(keyOf(known.roots[0]), given.about, Buffer.from(given.key, 'base64url')).toString('base64url') }),
  unwrap: () => ({ key: openBytes(keyOf(given.root), given.about, Buffer.from(given.wrapped, 'base64url')).toString('base64url') }),
  renew: () => { known.roots.unshift('r' + (known.roots.length + 1)); return { root: known.roots[0] } },
  retire: () => ({ roots: known.roots.splice(1) }),
}
const answer = answers[word]()
writeFileSync(place, JSON.stringify(known))
process.stdout.write(JSON.stringify(answer))
`.replace('#!', '#!/usr/bin/env -S '),
      { mode: 0o700 },
    )
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    return `command:${path}`
  }

  it('wraps, unwraps and changes', () => {
    const place = program()
    const keys = open(place)
    const one = seal(keys, 'city|card|1')
    expect(opens(open(place), one)).toBe(true)
    expect(keys.rotation.root().root).toBe('r2')
    expect(keys.rotation.retireRoots()).toEqual(['r1'])
    expect(opens(open(place), one)).toBe(true)
  })

  it('is a fault when it fails, and never an erasure', () => {
    const place = program()
    const one = seal(open(place), 'city|card|1')
    expect(() => opens(open(`command:${join(folder, 'not-there')}`), one)).toThrow(RootFailed)
    writeFileSync(join(folder, 'kms.json'), '{"roots":["r9"]}')
    expect(() => opens(open(place), one)).toThrow(RootFailed)
  })
})

describe('erasures at once', () => {
  const erasing = (from: number, count: number) =>
    spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { openKeyFolder } from ${JSON.stringify(new URL('./key-folder.ts', import.meta.url).href)}
const keys = openKeyFolder(${JSON.stringify(join(folder, 'keys'))}, new Date('2026-01-20T08:00:00Z'))
for (let i = ${from}; i < ${from + count}; i++) {
  await keys.erase('city', '2026-01', ['city|card|' + i], async () => [])
  process.stdout.write(i + '\\n')
}`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
  const told = async (child: ChildProcess) => {
    let out = ''
    child.stdout!.on('data', (piece) => (out += piece))
    await once(child, 'close')
    return out.split('\n').flatMap((line) => (line === '' ? [] : [Number(line)]))
  }

  it('of two processes both hold', async () => {
    const keys = open()
    const sealed = Array.from({ length: 20 }, (_, i) => seal(keys, `city|card|${i}`))
    const [one, two] = await Promise.all([told(erasing(0, 8)), told(erasing(8, 8))])
    expect([one.length, two.length]).toEqual([8, 8])
    expect(sealed.map((box) => opens(open(), box))).toEqual(sealed.map((_, i) => i >= 16))
    expect(files()).toEqual([`2026-01.16.key`])
  })

  it('leave the key whole when they are killed, and what they told stays erased', async () => {
    const keys = open()
    const sealed = Array.from({ length: 200 }, (_, i) => seal(keys, `city|card|${i}`))
    for (let round = 0; round < 2; round++) {
      const child = erasing(round * 100, 100)
      const ended = told(child)
      const enough = Promise.withResolvers<void>()
      let lines = 0
      child.stdout!.on('data', (piece) => (lines += String(piece).split('\n').length - 1) > round * 9 && enough.resolve())
      await enough.promise
      child.kill('SIGKILL')
      const erased = await ended
      const fresh = open()
      const open_ = sealed.slice(round * 100, round * 100 + 100).map((box) => opens(fresh, box))
      // The last one may have been written and not told.
      for (const i of erased) expect(open_[i - round * 100]).toBe(false)
      expect(open_.filter((is) => !is).length - erased.length).toBeLessThanOrEqual(1)
      expect(files().filter((name) => name.endsWith('.key'))).toHaveLength(1)
    }
  })
})
