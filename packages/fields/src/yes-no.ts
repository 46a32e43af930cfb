import both from './yes-no.json' with { type: 'json' }

// No messages file: values are shown where no interface's strings are at hand, as in receipts.

/** "Yes" or "No" in the first of the languages that it is known in. */
export function yesNo(value: boolean, languages: readonly string[]): string {
  const words: Readonly<Record<string, string>> = both[value ? 'yes' : 'no']
  for (const language of languages) {
    const word = words[language] ?? words[language.split('-')[0] as string]
    if (word) return word
  }
  return words.en as string
}
