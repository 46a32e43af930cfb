import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRoots } from './open-roots.ts'
import { RootFailed } from './root-keys.ts'

const key = Buffer.alloc(32, 7)
let folder: string
let now: Date
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-roots-'))
  now = new Date('2026-01-05T08:00:00.000Z')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('roots in a folder', () => {
  const open = (place: string | null = null) => openRoots(place, folder, () => now)
  const files = () => readdirSync(join(folder, 'roots'))

  it('are made when first needed, and open what they wrapped for its name alone', () => {
    const roots = open()
    expect([roots.current(), roots.retire()]).toEqual([null, []])
    const { root, wrapped } = roots.wrap('about', key)
    expect(files()).toEqual([`2026-01-05T08-00-00-000Z-${root}.key`])
    expect(root).toMatch(/^[0-9a-f]{16}$/)
    for (const each of [roots, open(), open(join(folder, 'roots'))]) {
      expect(Buffer.from(each.unwrap(root, 'about', wrapped))).toEqual(key)
      expect(each.current()).toBe(root)
    }
    expect(() => roots.unwrap(root, 'other', wrapped)).toThrow(RootFailed)
    expect(() => roots.unwrap('0'.repeat(16), 'about', wrapped)).toThrow(/is not in .*Bring it back from its backup/)
    expect(roots.wrap('about', key).root).toBe(root)
  })

  it('are each newer than the one before, also in the same moment and under a clock that went back', () => {
    const roots = open()
    const names = [roots.renew(), roots.renew()]
    now = new Date('2025-06-01T00:00:00.000Z')
    names.push(roots.renew())
    now = new Date('2026-02-01T00:00:00.000Z')
    names.push(roots.renew())
    expect(files().sort()).toEqual([
      `2026-01-05T08-00-00-000Z-${names[0]}.key`,
      `2026-01-05T08-00-00-001Z-${names[1]}.key`,
      `2026-01-05T08-00-00-002Z-${names[2]}.key`,
      `2026-02-01T00-00-00-000Z-${names[3]}.key`,
    ])
    expect(open().current()).toBe(names[3])
    // Newest first, and none but it stays.
    expect(roots.retire()).toEqual([names[2], names[1], names[0]])
    expect(files()).toHaveLength(1)
  })

  it('open nothing any more once they were retired, in the process that did so too', () => {
    const roots = open()
    const { root, wrapped } = roots.wrap('about', key)
    roots.renew()
    expect(Buffer.from(roots.unwrap(root, 'about', wrapped))).toEqual(key)
    expect(open().retire()).toEqual([root])
    writeFileSync(join(folder, 'roots', 'note.txt'), 'x')
    writeFileSync(join(folder, 'roots', 'x2026-01-05T08-00-00-000Z-0123456789abcdef.key.bak'), 'x')
    expect(() => open().unwrap(root, 'about', wrapped)).toThrow(RootFailed)
    const again = roots.wrap('about', key)
    roots.renew()
    expect(roots.retire()).toContain(again.root)
    expect(() => roots.unwrap(again.root, 'about', again.wrapped)).toThrow(RootFailed)
  })

  it('are what their name says, or are not used', () => {
    const { root, wrapped } = open().wrap('about', key)
    const path = join(folder, 'roots', files()[0] as string)
    const good = readFileSync(path, 'utf8')
    for (const content of [Buffer.alloc(32).toString('base64url'), Buffer.from(good, 'base64url').subarray(1).toString('base64url'), '']) {
      writeFileSync(path, content)
      expect(() => open().unwrap(root, 'about', wrapped)).toThrow(/is damaged: it is not the root key that its name says/)
    }
    writeFileSync(path, good)
    expect(Buffer.from(open().unwrap(root, 'about', wrapped))).toEqual(key)
  })
})

describe('roots behind a command', () => {
  const program = (script: string) => {
    const path = join(folder, 'kms')
    writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o700 })
    return openRoots(`command:${path}`, folder, () => now)
  }

  it('are asked with one word and an object, without a shell', () => {
    const roots = program(`cat > "${folder}/$1.json"
case "$1" in
  wrap) echo '{"root":"r1","wrapped":"w"}';;
  unwrap) echo '{"key":"BwcH"}';;
  current) echo '{"root":"r1"}';;
  renew) echo '{"root":"r2"}';;
  retire) echo '{"roots":["r0",1,"r1"]}';;
esac`)
    const given = (word: string) => JSON.parse(readFileSync(join(folder, `${word}.json`), 'utf8'))
    expect(roots.wrap('a; rm -rf', key)).toEqual({ root: 'r1', wrapped: 'w' })
    expect(given('wrap')).toEqual({ about: 'a; rm -rf', key: key.toString('base64url') })
    expect(Buffer.from(roots.unwrap('r1', 'about', 'w'))).toEqual(Buffer.alloc(3, 7))
    expect(given('unwrap')).toEqual({ root: 'r1', about: 'about', wrapped: 'w' })
    expect([roots.current(), roots.renew(), roots.retire()]).toEqual(['r1', 'r2', ['r0', 'r1']])
    expect([given('current'), given('renew'), given('retire')]).toEqual([{}, {}, {}])
  })

  it('may have none yet', () => {
    for (const answer of ['{}', '{"root":""}', '{"root":1}']) expect(program(`cat > /dev/null; echo '${answer}'`).current()).toBeNull()
    expect(program("cat > /dev/null; echo '{}'").retire()).toEqual([])
  })

  it.each([
    ['it ends with a fault', 'cat > /dev/null; exit 3', /unwrap failed \(it ended with 3\)/],
    ['it says nothing', 'cat > /dev/null', /no JSON object/],
    ['it says something else', 'cat > /dev/null; echo no', /no JSON object/],
    ['it gives no object', 'cat > /dev/null; echo null', /no JSON object/],
    ['it gives a number', 'cat > /dev/null; echo 7', /no JSON object/],
    ['it gives no key', "cat > /dev/null; echo '{}'", /unwrap gave no key/],
    ['it gives an empty key', `cat > /dev/null; echo '{"key":""}'`, /unwrap gave no key/],
  ])('fail where %s', (_, script, said) => {
    const roots = program(script)
    expect(() => roots.unwrap('r1', 'about', 'w')).toThrow(RootFailed)
    expect(() => roots.unwrap('r1', 'about', 'w')).toThrow(said)
  })

  it('fail where there is no such command', () => {
    expect(() => openRoots(`command:${folder}/nothing`, folder, () => now).current()).toThrow(/nothing current failed \(ENOENT\)/)
  })
})
