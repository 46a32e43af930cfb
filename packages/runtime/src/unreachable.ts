/** What is said while the server, and with it every other string, is away. */
import sentences from './unreachable.json' with { type: 'json' }

export interface Unreachable {
  language: string
  direction: string
  sentence: string
  retry: string
}

export function unreachable(wanted: string): Unreachable {
  const base = wanted.split('-')[0] as string
  const language = Object.hasOwn(sentences, base) ? (base as keyof typeof sentences) : 'en'
  return { language, ...sentences[language] }
}
