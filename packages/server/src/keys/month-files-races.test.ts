import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openMonthFiles } from './month-files.ts'
import { openFolderRoots } from './roots/folder/folder-roots.ts'
import { RootFailed, type RootKeys } from './roots/root-keys.ts'
import { KeyGone } from './seal-box.ts'

const january = new Date('2026-01-20T08:00:00Z')
let folder: string
let roots: RootKeys
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-keys-'))
  roots = openFolderRoots(join(folder, 'roots'), () => january)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const open = (own = roots, mostTries = 1000) => openMonthFiles(folder, own, () => january, mostTries)
const at = (name: string) => join(folder, 'agencies/city', name)
const names = () => readdirSync(join(folder, 'agencies/city')).filter((name) => name.startsWith('2026-01'))
const keep = () => {}
/** Does something of another process while a key is being unwrapped. */
const meanwhile = (what: (round: number) => void): RootKeys => {
  let round = 0
  return {
    ...roots,
    unwrap(...asked) {
      what(round++)
      return roots.unwrap(...asked)
    },
  }
}

it('reads the next file where another process puts it in the place of the one that is being read', () => {
  const files = open()
  files.readOrMake('city', '2026-01')
  const reading = open(
    meanwhile((round) => {
      if (round > 0) return
      files.advance('city', '2026-01', keep)
      throw new Error('gone while it was read')
    }),
  )
  expect(reading.read('city', '2026-01')?.number).toBe(1)
})

it('gives up where that never ends, and does not try again without its root', () => {
  const files = open()
  files.readOrMake('city', '2026-01')
  const always = (fault: Error) =>
    open(
      meanwhile(() => {
        files.advance('city', '2026-01', keep)
        throw fault
      }),
      3,
    )
  expect(() => always(new Error('gone again')).read('city', '2026-01')).toThrow('gone again')
  expect(names()).toEqual(['2026-01.5.key'])
  expect(() => always(new RootFailed('no root')).read('city', '2026-01')).toThrow(RootFailed)
  expect(names()).toEqual(['2026-01.6.key'])
})

it('changes what another process has changed in the meantime, and loses nothing of either', () => {
  const files = open()
  const first = files.readOrMake('city', '2026-01')
  let calls = 0
  const done = open().advance('city', '2026-01', (key) => {
    if (calls++ === 0) files.advance('city', '2026-01', (other) => other.dataKeys.set('theirs'.padEnd(16, '0'), Buffer.alloc(32, 1)))
    key.dataKeys.set('0123456789abcdef', Buffer.alloc(32, 2))
    return calls
  })
  expect([calls, done.result, done.file.number, done.file.key.dataKeys.size, done.file.key.mark]).toEqual([2, 2, 2, 2, first.key.mark])
  expect(names()).toEqual(['2026-01.2.key'])
})

it('takes its file back where others are further already', () => {
  const files = open()
  files.readOrMake('city', '2026-01')
  let calls = 0
  const done = open().advance('city', '2026-01', () => {
    if (calls++ > 0) return
    // Two changes of others: the name that comes next is free again, and means nothing.
    files.advance('city', '2026-01', keep)
    files.advance('city', '2026-01', keep)
  })
  expect([calls, done.file.number, names()]).toEqual([2, 3, ['2026-01.3.key']])
})

it('gives up where others are always faster', () => {
  const files = open()
  files.readOrMake('city', '2026-01')
  let calls = 0
  const busy = () =>
    open(roots, 3).advance('city', '2026-01', () => {
      calls++
      files.advance('city', '2026-01', keep)
    })
  expect(busy).toThrow(/2026-01 was changed by others again and again/)
  expect(calls).toBe(3)
})

it('removes what was left by who was killed, when it is read and when it is swept', () => {
  const files = open()
  files.readOrMake('city', '2026-01')
  files.readOrMake('city', '2026-02')
  const old = readFileSync(at('2026-01.key'))
  files.advance('city', '2026-01', keep)
  writeFileSync(at('2026-01.key'), old)
  files.sweep('city')
  expect(names()).toEqual(['2026-01.1.key'])
  expect(existsSync(at('2026-02.key'))).toBe(true)
  expect(files.months('city')).toEqual(['2026-01', '2026-02'])
})

it('sweeps away drafts that nobody finishes any more, and nothing else', () => {
  const files = open()
  files.readOrMake('city', '2026-01')
  const aged = (name: string, age: number) => {
    writeFileSync(at(name), 'half a file')
    utimesSync(at(name), january, new Date(january.getTime() - age))
  }
  aged('2026-01.1.key.a.new', 600_001)
  aged('2026-01.1.key.b.new', 600_000)
  aged('notes', 900_000)
  files.sweep('city')
  expect(readdirSync(join(folder, 'agencies/city')).sort()).toEqual(['2026-01.1.key.b.new', '2026-01.key', 'notes'])
  expect(() => files.sweep('town')).not.toThrow()
})

it('knows months by the names of their files alone', () => {
  const files = open()
  expect(files.months('city')).toEqual([])
  files.readOrMake('city', '2026-01')
  for (const name of ['2026-1.key', 'x2026-03.key', '2026-04.key.new', '2026-05.0.key', '2026-06.01.key', '2026-07.pem', '2026-08.x.key'])
    writeFileSync(at(name), 'x')
  expect(files.months('city')).toEqual(['2026-01'])
  expect(files.read('city', '2026-05')).toBeNull()
})

it('tells what is damaged, and of what format it knows nothing', () => {
  const files = open()
  const { key } = files.readOrMake('city', '2026-01')
  expect(files.mark('city', '2026-01')).toBe(key.mark)
  const text = readFileSync(at('2026-01.key'), 'utf8')
  const put = (content: string) => writeFileSync(at('2026-01.key'), content)
  put(text.replace('"format":2', '"format":3'))
  expect(() => files.read('city', '2026-01')).toThrow(/has the format 3, which this version does not know/)
  put(Buffer.alloc(31).toString('base64url'))
  expect(() => files.read('city', '2026-01')).toThrow(/holds no key of 32 bytes/)
  expect(() => files.mark('city', '2026-01')).toThrow(/holds no key of 32 bytes/)
  put('{')
  expect(() => files.mark('city', '2026-01')).toThrow(SyntaxError)
  // A bit of what is sealed: nothing is made of it.
  const envelope = JSON.parse(text)
  put(JSON.stringify({ ...envelope, content: `${envelope.content.slice(0, -4)}${envelope.content.endsWith('AAAA') ? 'BBBB' : 'AAAA'}` }))
  expect(() => files.read('city', '2026-01')).toThrow()
  // As an earlier version wrote it: the mark follows from the key.
  put(Buffer.alloc(32, 9).toString('base64url'))
  expect(files.mark('city', '2026-01')).toBe(files.read('city', '2026-01')?.key.mark)
})

it('has no mark and no change for a month that is not there', () => {
  const files = open()
  for (const what of [() => files.find('city', '2026-01'), () => files.mark('city', '2026-01'), () => files.advance('city', '2026-01', keep)])
    expect(what).toThrow(KeyGone)
  expect(files.read('city', '2026-01')).toBeNull()
})
