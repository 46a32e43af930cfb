/**
 * Texts as people search them: without capitals, accents and marks, and with letters that only look or are typed
 * differently made one. Greek final sigma, Vietnamese đ, Arabic and Persian forms of the same letter, joiners.
 */
import { asciiDigits } from '@guichet/core'

const same: Readonly<Record<string, string>> = {
  ς: 'σ',
  đ: 'd',
  ð: 'd',
  ø: 'o',
  ł: 'l',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  // Arabic yeh, alef maksura; kaf; teh marbuta; waw and alef are what is left when their hamza is taken off.
  ي: 'ی',
  ى: 'ی',
  ك: 'ک',
  ة: 'ه',
  ۀ: 'ه',
  ٱ: 'ا',
}
const joiners = /[\u200b-\u200f\u00ad\u0640]/g

export const fold = (text: string): string =>
  asciiDigits(text.replace(joiners, ''))
    .normalize('NFKD')
    .toLowerCase()
    // After lower case: a capital İ or Σ has its marks and forms by then.
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{ASCII}]/gu, (letter) => same[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Whether all words of a search are in a text. A compound is found whether it is written in one, or with a space or joiner. */
export function matches(text: string, search: string): boolean {
  const folded = fold(text)
  const together = folded.replaceAll(' ', '')
  const wanted = fold(search)
  return wanted.split(' ').every((word) => folded.includes(word)) || (wanted.length > 3 && together.includes(wanted.replaceAll(' ', '')))
}
