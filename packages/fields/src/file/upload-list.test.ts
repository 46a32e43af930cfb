/** What happens between choosing a file and holding it, without a browser. */
import { formatMessage, type Message } from '@guichet/core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Progress, UploadedFile, Uploader } from '../field-view.ts'
import { flatten } from '../flatten.test-helper.ts'
import { listeners } from '../listeners.test-helper.ts'
import messages from './file.messages.json' with { type: 'json' }
import { type UploadListProps, uploadList } from './upload-list.view.ts'

interface Arriving {
  file: File
  target: string
  progress: Progress
  signal: AbortSignal
  arrive(id?: string): Promise<void>
  fail(sentence: string): Promise<void>
}

let arriving: Arriving[]
let held: UploadedFile[]
let draws: number
let uploader: Uploader | undefined
let settings: Partial<UploadListProps>

beforeEach(() => {
  arriving = []
  held = []
  draws = 0
  settings = {}
  uploader = {
    upload: (file, target, progress, signal) =>
      new Promise<UploadedFile>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
        arriving.push({
          file,
          target,
          progress,
          signal,
          arrive: async (id = `id-${file.name}`) => {
            resolve({ id, name: file.name, size: file.size, type: file.type })
            await settled()
          },
          fail: async (sentence) => {
            reject(new Error(sentence))
            await settled()
          },
        })
      }),
  }
})

const settled = () => new Promise((resolve) => setTimeout(resolve))
const pdf = (name: string, bytes = 1000) => new File([new Uint8Array(bytes)], name, { type: 'application/pdf' })

const draw = () =>
  uploadList({
    id: 'q',
    name: 'q',
    describedBy: undefined,
    invalid: false,
    required: true,
    language: 'en',
    message: (key, params = {}) => formatMessage((messages as Record<string, Record<string, Message>>)[key]?.en, params, 'en'),
    redraw: () => {
      draws++
    },
    uploader,
    target: 'paper',
    files: held,
    onChange: (files) => {
      held = files
    },
    ...settings,
  })
const markup = () => flatten(draw())
const listenerAt = (event: string, which: (before: string) => boolean = () => true) =>
  listeners(draw()).filter((found) => found.event === event && which(found.before))

async function choose(...files: File[]) {
  const input = { files, value: 'C:\\fakepath\\x' }
  listenerAt('change')[0]?.call({ target: input })
  expect(input.value, 'can be chosen again').toBe('')
  await settled()
}
/** Presses the nth button; they stand as the files do: replace, remove for each, then cancel for each on its way. */
const press = (nth: number): string[] => {
  const focused: string[] = []
  const input = { focus: () => focused.push('focus'), click: () => focused.push('click') }
  listenerAt('click')[nth]?.call({ currentTarget: { closest: () => ({ querySelector: () => input }) } })
  return focused
}

describe('a file that is taken', () => {
  test('is sent at once, shown on its way, and held when it arrived', async () => {
    await choose(pdf('a.pdf'))
    expect(arriving.map(({ file, target }) => [file.name, target])).toEqual([['a.pdf', 'paper']])
    expect(markup()).toContain('Uploading a.pdf')
    expect(held).toEqual([])
    const before = draws
    arriving[0]?.progress(0.5)
    arriving[0]?.progress(0.501)
    expect(draws).toBe(before + 1)
    await arriving[0]?.arrive()
    expect(held).toEqual([{ id: 'id-a.pdf', name: 'a.pdf', size: 1000, type: 'application/pdf' }])
    expect(markup()).toContain('a.pdf was uploaded')
    expect(markup()).not.toContain('<progress')
  })

  test('takes the place of the one before, where one is taken', async () => {
    await choose(pdf('a.pdf'))
    await arriving[0]?.arrive()
    await choose(pdf('b.pdf'))
    expect(held.map(({ name }) => name)).toEqual(['a.pdf'])
    await arriving[1]?.arrive()
    expect(held.map(({ name }) => name)).toEqual(['b.pdf'])
  })

  test('replaces the very file whose button was pressed, in its place', async () => {
    settings = { maxFiles: 3 }
    await choose(pdf('a.pdf'), pdf('b.pdf'), pdf('c.pdf'))
    for (const one of arriving) await one.arrive()
    expect(held.map(({ name }) => name)).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
    expect(press(2)).toEqual(['click'])
    await choose(pdf('d.pdf'))
    await arriving[3]?.arrive()
    expect(held.map(({ name }) => name)).toEqual(['a.pdf', 'd.pdf', 'c.pdf'])
  })

  test('goes after the one before, and undoes none', async () => {
    settings = { maxFiles: 3 }
    await choose(pdf('a.pdf'), pdf('b.pdf'), pdf('c.pdf'))
    expect(arriving.map(({ file }) => file.name)).toEqual(['a.pdf'])
    expect(markup().match(/<progress/g)).toHaveLength(3)
    await arriving[0]?.fail('a.pdf was not taken')
    await arriving[1]?.arrive()
    await arriving[2]?.arrive()
    expect(held.map(({ name }) => name)).toEqual(['b.pdf', 'c.pdf'])
    expect(markup()).toContain('a.pdf was not taken')
  })

  test('is not sent twice when it is chosen again on its way', async () => {
    settings = { maxFiles: 3 }
    const file = pdf('a.pdf')
    await choose(file)
    await choose(file, pdf('b.pdf'))
    await arriving[0]?.arrive()
    expect(arriving.map(({ file: sent }) => sent.name)).toEqual(['a.pdf', 'b.pdf'])
  })

  test('shows what is left, and says what it is told to say', async () => {
    await choose(pdf('a.pdf'))
    arriving[0]?.progress(0.25, { waiting: false, note: '25% · about a minute left', said: 'a quarter' })
    expect(markup()).toContain('25% · about a minute left')
    expect(markup()).toContain('<div class="g-hidden" role="status">a quarter</div>')
    const before = draws
    arriving[0]?.progress(0.25, { waiting: false, note: '25% · about a minute left' })
    expect(draws).toBe(before)
  })

  test('is asked for again where it had come part of its way', async () => {
    const unfinished = (target: string) => (target === 'paper' ? ['half.pdf'] : [])
    uploader = { ...(uploader as Uploader), unfinished }
    expect(markup()).toContain('half.pdf had not arrived completely.')
    await choose(pdf('half.pdf'))
    expect(markup()).not.toContain('half.pdf had not arrived completely.')
  })

  test('is still on its way after the list was drawn anew', async () => {
    await choose(pdf('a.pdf'))
    for (let i = 0; i < 3; i++) draw()
    expect(markup()).toContain('<progress')
    await arriving[0]?.arrive()
    expect(held).toHaveLength(1)
  })
})

describe('a file that is refused before it is sent', () => {
  test('says why: kind, size, nothing in it', async () => {
    settings = { accept: ['pdf'], maxBytes: 500_000, maxFiles: 5 }
    await choose(new File(['x'], 'a.exe', { type: 'application/x-msdownload' }), pdf('big.pdf', 500_001), pdf('empty.pdf', 0), pdf('good.pdf'))
    expect(arriving.map(({ file }) => file.name)).toEqual(['good.pdf'])
    const drawn = markup()
    expect(drawn).toContain('a.exe is not a kind of file that is taken here. Use one of these: PDF.')
    expect(drawn).toContain('big.pdf is too large. A file may have at most 500 kB.')
    expect(drawn).toContain('empty.pdf is empty.')
  })

  test('says that there is no room, counting those on their way', async () => {
    settings = { maxFiles: 2 }
    await choose(pdf('a.pdf'))
    await choose(pdf('b.pdf'), pdf('c.pdf'))
    expect(markup()).toContain('Cancel<span class="g-hidden"> b.pdf')
    expect(markup()).toContain('c.pdf was not added: at most 2 files are taken.')
  })

  test('is forgotten with the next choice', async () => {
    await choose(pdf('empty.pdf', 0))
    expect(markup()).toContain('empty.pdf is empty.')
    await choose(pdf('a.pdf'))
    expect(markup()).not.toContain('empty.pdf')
  })
})

describe('a file that does not arrive', () => {
  test('says the sentence of the server', async () => {
    await choose(pdf('a.pdf'))
    await arriving[0]?.fail('The scanner found a virus.')
    expect(markup()).toContain('The scanner found a virus.')
    expect(markup()).not.toContain('<progress')
    expect(held).toEqual([])
  })

  test('is given up by the person', async () => {
    await choose(pdf('a.pdf'))
    expect(press(0)).toEqual(['focus'])
    await settled()
    expect(arriving[0]?.signal.aborted).toBe(true)
    expect(markup()).toContain('Upload of a.pdf was cancelled')
    expect(markup()).not.toContain('class="g-error"')
    await choose(pdf('b.pdf'))
    expect(arriving).toHaveLength(2)
  })
})

test('a removed file is gone, and the focus stays in the list', async () => {
  settings = { maxFiles: 2 }
  await choose(pdf('a.pdf'), pdf('b.pdf'))
  for (const one of arriving) await one.arrive()
  expect(press(1)).toEqual(['focus'])
  expect(held.map(({ name }) => name)).toEqual(['b.pdf'])
  expect(markup()).toContain('a.pdf was removed')
})

test('lists of different questions know nothing of each other', async () => {
  await choose(pdf('a.pdf'))
  settings = { target: 'other' }
  expect(markup()).not.toContain('<progress')
})

test('without a server the input is switched off', () => {
  uploader = undefined
  expect(markup()).toMatch(/<input[^>]* disabled/)
})
