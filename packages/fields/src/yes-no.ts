import both from './yes-no.json' with { type: 'json' }

// No messages file: values are shown where no interface's strings are at hand, as in receipts.

/** A word in the first of the languages that it is known in. */
export function wordIn(words: Readonly<Record<string, string>>, languages: readonly string[]): string {
  for (const language of languages) {
    const word = words[language] ?? words[language.split('-')[0] as string]
    if (word) return word
  }
  return words.en as string
}

/** "Yes" or "No". */
export const yesNo = (value: boolean, languages: readonly string[]): string => wordIn(both[value ? 'yes' : 'no'], languages)
