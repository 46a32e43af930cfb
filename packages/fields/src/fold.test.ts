import { expect, test } from 'vitest'
import { fold, prepared, search } from './fold.ts'

test.each([
  ['ΑΘΉΝΑΣ', 'αθηνας'],
  ['Ἀθῆναι', 'αθηναι'],
  ['Đà Nẵng', 'da nang'],
  ['Đường Trần Phú', 'duong tran phu'],
  ['Győr', 'gyor'],
  ['كريمي', 'کریمی'],
  ['مؤسسهٔ', 'موسسه'],
  ['می‌خواهم', 'میخواهم'],
  ['۱۲۳', '123'],
  ['Saint-Denis', 'saint denis'],
])('%s is found by %s', (text, typed) => expect(fold(text)).toBe(fold(typed)))

test('words may stand anywhere, in any order; beginnings go first', () => {
  const texts = prepared(['Nea Smyrni', 'Smyrni', 'Nea Ionia', 'Karasmyrni', 'Old Smyrni Nea'])
  expect(search('smyrni', texts, 10)).toEqual({ found: [1, 0, 4, 3], count: 4 })
  expect(search('smy nea', texts, 10)).toEqual({ found: [0, 4], count: 2 })
  expect(search('NÉA', texts, 2)).toEqual({ found: [0, 2], count: 3 })
  expect(search('x', texts, 10)).toEqual({ found: [], count: 0 })
  expect(search(' - ', texts, 3)).toEqual({ found: [0, 1, 2], count: 5 })
})

test('ten thousand texts are searched within a frame', () => {
  const texts = prepared(Array.from({ length: 10_000 }, (_, i) => `Οδός Αγίας Παρασκευής ${i}`))
  const times = Array.from({ length: 9 }, (_, i) => {
    const from = performance.now()
    search(`παρασκευησ 99${i}`, texts, 50)
    return performance.now() - from
  })
  expect(times.sort((a, b) => a - b)[4]).toBeLessThan(16)
})
