import words from './yes-no.json' with { type: 'json' }

// No messages file: values are shown where no interface's strings are at hand, as in receipts.

/** "Yes", "No" or "I do not know" in the first of the languages that it is known in. */
export function answerWord(answer: keyof typeof words, languages: readonly string[]): string {
  const known: Readonly<Record<string, string>> = words[answer]
  for (const language of languages) {
    const word = known[language] ?? known[language.split('-')[0] as string]
    if (word) return word
  }
  return known.en as string
}

export const yesNo = (value: boolean, languages: readonly string[]): string => answerWord(value ? 'yes' : 'no', languages)
