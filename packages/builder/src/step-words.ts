import type { Words } from './editor/edit.ts'
import { type MessageKey, say } from './language.ts'
import { languageName } from './names.ts'
import { partOf } from './outline.ts'

/** A step of the history as a sentence: languages and numbers as the author reads them, a setting of the service by its section. */
export function sentenceOfStep({ key, params }: Words): string {
  const { language, number, setting, ...names } = params
  if (setting !== undefined) return say('done.editPart', { name: say(`part.${partOf(String(setting)).slice(1)}` as MessageKey) })
  return say(`done.${key}` as MessageKey, {
    ...names,
    ...(language === undefined ? {} : { language: languageName(String(language)) }),
    ...(number === undefined ? {} : { number: Number(number) }),
  })
}
