import type { FieldType, Json } from '@guichet/core'
import type { YesNoField } from '../../generated/settings.ts'
import { wordIn, yesNo as wordOf } from '../yes-no.ts'
import unsure from './unsure.json' with { type: 'json' }

export type Answer = 'yes' | 'no' | 'unsure'

/** The answers that may be given, in order. */
export const answersOf = ({ unsure }: YesNoField): Answer[] => (unsure ? ['yes', 'no', 'unsure'] : ['yes', 'no'])

/** Which answer was meant; unlike a check box, one that is empty says nothing. */
export const answerOf = (input: Json): Answer | null =>
  input === true || input === 'true' || input === 'yes'
    ? 'yes'
    : input === false || input === 'false' || input === 'no'
      ? 'no'
      : input === 'unsure'
        ? 'unsure'
        : null

export const answerWord = (answer: Answer, languages: readonly string[]): string =>
  answer === 'unsure' ? wordIn(unsure, languages) : wordOf(answer === 'yes', languages)

export const yesNo: FieldType<YesNoField> = {
  name: 'yes-no',
  kind: ({ unsure }) => (unsure ? 'choice' : 'boolean'),
  parse(input, { unsure }) {
    if (input === null || input === '') return { value: null }
    const answer = answerOf(input)
    if (answer === null || (answer === 'unsure' && !unsure)) return { finding: { code: 'invalid' } }
    return { value: unsure ? answer : answer === 'yes' }
  },
  show(value, _, { language, fallback }) {
    const answer = answerOf(value)
    return answer ? answerWord(answer, [language, ...fallback]) : ''
  },
  schema: (settings) => (settings.unsure ? { type: 'string', enum: answersOf(settings) } : { type: 'boolean' }),
  choices: answersOf,
}
