import { asciiDigits } from '@guichet/core/text'

/** Letters that Unicode does not take apart, or that are written in two ways. */
const alike: Readonly<Record<string, string>> = { ς: 'σ', đ: 'd', ı: 'i', ø: 'o', ł: 'l', ß: 'ss', ي: 'ی', ى: 'ی', ك: 'ک', ة: 'ه', ە: 'ه' }

/**
 * A text as it is searched for: without case, accents, tone marks and joiners; Arabic and Persian forms of a letter are
 * one; words are parted by one blank. Two texts that people take for the same are equal.
 */
export const fold = (text: string): string =>
  asciiDigits(text)
    .normalize('NFKD')
    .replace(/[\p{M}\u200b-\u200d\u0640]/gu, '')
    .toLowerCase()
    .replace(/[ςđıøłßيىكةە]/g, (letter) => alike[letter] as string)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Texts prepared for searching: each folded, with a blank before it, so that every word has one. */
export const prepared = (texts: readonly string[]): string[] => texts.map((text) => ` ${fold(text)}`)

/**
 * Places of the prepared texts that hold every word of the query: first those that begin with it, then those in which
 * each word begins one, then the others. At most `most`, and how many there are in all.
 */
export function search(query: string, texts: readonly string[], most: number): { found: number[]; count: number } {
  const whole = fold(query)
  const words = whole === '' ? [] : whole.split(' ')
  const ranks: [number[], number[], number[]] = [[], [], []]
  texts.forEach((text, i) => {
    if (!words.every((word) => text.includes(word))) return
    const rank = text.startsWith(` ${whole}`) ? 0 : words.every((word) => text.includes(` ${word}`)) ? 1 : 2
    ranks[rank].push(i)
  })
  const all = ranks.flat()
  return { found: all.slice(0, most), count: all.length }
}
