/**
 * Strings of the screens after the pages. They come with those screens, not with the service, because the first page is
 * read without them. For the embedding script build/later-strings.ts makes one file a language of this.
 */
import type { Message, Messages } from '@guichet/core'
import strings from './later-strings.json' with { type: 'json' }

export const laterStrings: Readonly<Record<string, Readonly<Record<string, Message>>>> = strings

export const laterStringsIn = (language: string): Messages =>
  Object.fromEntries(Object.entries(laterStrings).map(([key, byLanguage]) => [key, byLanguage[language.split('-')[0] as string] ?? (byLanguage.en as Message)]))
