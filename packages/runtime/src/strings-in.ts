import type { Message, Messages } from '@guichet/core'

/** Strings of a part that comes late: those of a language, or else in English. */
export const stringsIn = (strings: object, language: string): Messages =>
  Object.fromEntries(
    Object.entries(strings as Readonly<Record<string, Readonly<Record<string, Message>>>>).map(([key, texts]) => [
      key,
      texts[language.split('-')[0] as string] ?? (texts.en as Message),
    ]),
  )
