import { describe, expect, it } from 'vitest'
import type { Paper, Said } from '../paper.ts'
import { printPaper, TooManyPages } from './print.ts'
import { type ReadElement, readPdf } from './read-pdf.test-helper.ts'

const paper = (values: readonly Said[], more: Partial<Paper> = {}): Paper => ({
  title: 'Library card · 12345678',
  author: 'City of Rivers',
  language: 'en',
  direction: 'ltr',
  made: '2026-01-05T08:00:00.000Z',
  foot: 'City of Rivers · Library card',
  pageOf: 'Page {page} of {pages}',
  blocks: [
    { kind: 'heading', level: 1, said: { text: 'Library card' } },
    { kind: 'heading', level: 2, said: { text: 'About you' } },
    { kind: 'pairs', pairs: values.map((value, i) => ({ label: { text: `Question ${i}` }, values: [value] })) },
  ],
  ...more,
})
const answersIn = (file: Uint8Array) => readPdf(file).elements.filter(({ tag }) => tag === 'P')
const sorted = (text: string) =>
  [...text]
    .filter((letter) => !/\s/u.test(letter))
    .sort()
    .join('')

const texts: Record<string, Said> = {
  greek: { text: 'Αίτηση για κάρτα βιβλιοθήκης: Ἀθῆναι, ᾧ', language: 'el' },
  vietnamese: { text: 'Nguyễn Thị Ngọc Ánh ở Đường Trường Chinh, phường Khương Thượng', language: 'vi' },
  'vietnamese, letters and marks apart': { text: 'Nguyễn Thị Ánh ở Đường'.normalize('NFD'), language: 'vi' },
  hungarian: { text: 'Árvíztűrő tükörfúrógép', language: 'hu' },
  persian: { text: 'سلام دنیا، می‌خواهم کتاب‌ها را (نسخهٔ ۲) در ۱۴۰۴/۱۰/۱۵ بگیرم؛ لا گچ پژ', language: 'fa' },
  'persian with Latin': { text: 'نام: John Smith (مدیر)، شمارهٔ ABC-123 و sam@example.org', language: 'fa' },
  'what no font has': { text: '漢字 and 😀 and עברית', language: 'en' },
  'words of the format': { text: ')> endstream endobj << /S /JavaScript /JS (app.alert(1)) >> BT ET EMC \\) %' },
  'longer than a line': { text: 'A sentence with a number of words. '.repeat(40).trim() },
}

describe('a paper', () => {
  it.each(Object.entries(texts))('says what was answered exactly: %s', (_, said) => {
    const [answer] = answersIn(printPaper(paper([said]))) as [ReadElement]
    expect(answer.text.replace(/\s+/g, ' ')).toBe(said.text.replace(/\s+/g, ' '))
    expect(answer.language).toBe(said.language ?? 'en')
    // What is drawn stands for the same letters, in whichever order.
    expect(sorted(answer.shapes.join(''))).toBe(sorted(said.text))
  })

  it('draws from right to left what is written so, and numbers and Latin in it from left to right', () => {
    const [answer] = answersIn(printPaper(paper([{ text: 'نام (مدیر) ABC ۱۲۳', language: 'fa' }]))) as [ReadElement]
    expect(answer.shapes).toEqual(['ABC ۱۲۳ )ریدم( مان'])
  })

  it('turns parts of a line round only within it', () => {
    const text = Array.from({ length: 30 }, (_, i) => `کلمه${'ABC'[i % 3]}`).join(' ')
    const [answer] = answersIn(printPaper(paper([{ text, language: 'fa' }]))) as [ReadElement]
    expect(answer.shapes.length).toBeGreaterThan(1)
    // The first words of the text are on the first line.
    expect(answer.shapes[0]).toContain('A')
    const lines = answer.shapes.map((line) => line.split(' ').filter((word) => word !== '').length)
    expect(lines.reduce((sum, count) => sum + count, 0)).toBe(30)
    expect(answer.text).toBe(text)
  })

  it('keeps paragraphs apart, and breaks a word that is longer than a line', () => {
    const words = answersIn(printPaper(paper([{ text: 'one\ntwo\r\n\nfour' }, { text: 'x'.repeat(500) }])))
    expect(words.map(({ text }) => text.replaceAll(' ', ''))).toEqual(['one', 'two', 'four', 'x'.repeat(500)])
    expect(words.at(-1)?.shapes.length).toBeGreaterThan(5)
  })

  it('says what it is, in which language, and has a bookmark for each heading', () => {
    const { title, language, bookmarks, metadata, elements } = readPdf(printPaper(paper([{ text: 'Sam' }], { title: 'Cards & <more>' })))
    expect([title, language, bookmarks]).toEqual(['Cards & <more>', 'en', ['Library card', 'About you']])
    expect(metadata).toContain('<rdf:li xml:lang="x-default">Cards &amp; &lt;more&gt;</rdf:li>')
    expect(metadata).toMatch(/<pdfaid:part>2<.*<pdfaid:conformance>A<.*<pdfuaid:part>1</s)
    expect(elements.map(({ tag, text }) => [tag, text])).toEqual([
      ['H1', 'Library card'],
      ['H2', 'About you'],
      ['TH', 'Question 0'],
      ['P', 'Sam'],
    ])
  })

  it('numbers its pages, in the digits of its language, and says so to no screen reader', () => {
    const long = Array.from({ length: 80 }, () => ({ text: 'Sam' }))
    const { pages, artifacts, elements } = readPdf(printPaper(paper(long)))
    expect(pages).toBe(3)
    expect(artifacts.filter((said) => said !== '')).toEqual([1, 2, 3].map((page) => `City of Rivers · Library cardPage ${page} of 3`))
    expect(elements.filter(({ text }) => text.includes('Page'))).toEqual([])
    const persian = readPdf(printPaper(paper(long, { language: 'fa', direction: 'rtl', pageOf: 'صفحهٔ {page} از {pages}' })))
    expect(persian.artifacts.filter((said) => said !== '')[2]).toContain('۳ زا ۳')
  })

  it('holds nothing that does anything, whatever is answered', () => {
    const { all } = readPdf(printPaper(paper(Object.values(texts))))
    expect(
      all.match(/\/(?:JavaScript|JS|OpenAction|AA|URI|Launch|GoToR|SubmitForm|EmbeddedFile|Annots?|AcroForm|XFA|RichMedia|A)\b(?!<<\/O\/Table)/g),
    ).toBeNull()
  })

  it('is the same for the same words', () => {
    const one = paper(Object.values(texts))
    expect(Buffer.from(printPaper(one)).equals(Buffer.from(printPaper(one)))).toBe(true)
  })

  it('has no table without rows', () => {
    const { elements, all } = readPdf(printPaper(paper([])))
    expect([elements.map(({ tag }) => tag), all.includes('/S/Table')]).toEqual([['H1', 'H2'], false])
    expect(readPdf(printPaper(paper([{ text: 'Sam' }]))).all).toContain('/S/Table')
  })

  it('ends where nobody would print it', () => {
    expect(() => printPaper(paper([{ text: 'Sam\n'.repeat(200) }]), 3)).toThrow(TooManyPages)
  })
})
