import { asciiDigits } from '@guichet/core/text'

/**
 * What was typed, as it is stored: whole characters (no lone surrogates), composed, digits in ASCII, without the marks
 * and control characters that cannot be seen. Line ends become \n. The joiners that Persian is written with stay.
 */
export function cleanText(input: string): string {
  // What a plain keyboard writes is told from the rest many times faster.
  if (!/[^\n -~]/.test(input)) return input.trim()
  // Marks that cannot be seen, line ends, digits that are not ASCII. Here and not outside: reading \p{C} takes a while, which no page waits for.
  if (!/(?![\n\u200c])[\p{C}\p{Zl}\p{Zp}\u0660-\u066c\u06f0-\u06f9\uff10-\uff19]/u.test(input)) return input.normalize('NFC').trim()
  return asciiDigits(input)
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/[\p{Cc}\ufeff\u00ad]/gu, (mark) => (mark === '\n' ? mark : ''))
    .normalize('NFC')
    .trim()
}

/** The same on one line, with single spaces. */
export const cleanLine = (input: string): string => cleanText(input).replace(/\s{2,}|[^\S ]/g, ' ')

/** Without any blanks and joiners, for codes and addresses in which none may stand. */
export const withoutBlanks = (input: string): string => cleanText(input).replace(/[\s\u200b-\u200d\u2060]/g, '')

/** Arabic forms of yeh and kaf, and presentation forms, as the Persian letters; for Persian text only. */
export const persianLetters = (input: string): string =>
  input
    .replace(/[\ufb50-\ufdff\ufe70-\ufefc]+/g, (forms) => forms.normalize('NFKC'))
    .replace(/[\u064a\u0649]/g, '\u06cc')
    .replace(/\u0643/g, '\u06a9')

/** Characters as people count them in most scripts, and as JSON Schema does: code points. */
export const lengthOf = (text: string): number => (/[\ud800-\udfff]/.test(text) ? [...text].length : text.length)
