/** Ids made from what the author wrote, in whatever script, so that nobody has to think of one. */
import { asciiDigits } from '@guichet/core'
import letters from './latin-letters.json' with { type: 'json' }

const latin: Readonly<Record<string, string>> = letters

/** Words of small Latin letters and digits that sound like the text. */
function wordsOf(text: string): string[] {
  const plain = [...asciiDigits(text).toLowerCase().normalize('NFD')]
    .filter((letter) => !/\p{M}/u.test(letter))
    .map((letter) => latin[letter] ?? latin[letter.normalize('NFC')] ?? letter)
    .join('')
  return plain.match(/[a-z0-9]+/g) ?? []
}

function nameOf(text: string, joiner: string, longest: number, otherwise: string): string {
  const words = wordsOf(text)
  if (words.length > 0 && !/^[a-z]/.test(words[0] as string)) words.unshift(otherwise)
  let name = ''
  for (const word of words) {
    const next = name === '' ? word.slice(0, longest) : `${name}${joiner}${word}`
    if (next.length > longest) break
    name = next
  }
  return name || otherwise
}

function makeUnique(name: string, joiner: string, taken: ReadonlySet<string>): string {
  let unique = name
  for (let count = 2; taken.has(unique); count++) unique = `${name}${joiner}${count}`
  return unique
}

export const isId = (id: string): boolean => /^[a-z][a-z0-9_]{0,39}$/.test(id)

/** An id for a part called `label`; room is left for the number that makes it unique. */
export const idFrom = (label: string, taken: ReadonlySet<string>, otherwise: string): string => makeUnique(nameOf(label, '_', 30, otherwise), '_', taken)

/** A service's name in addresses. */
export const slugFrom = (title: string, taken: ReadonlySet<string> = new Set()): string => makeUnique(nameOf(title, '-', 50, 'service'), '-', taken)
