/** Which settings stand together in the panel, of parts whose settings are not all shown in the order of their schema. */
import { definitionSchema } from './editor/references.ts'

/** What every type of question has; what else a type has is its own. */
export const sharedProperties = Object.keys((definitionSchema('field').properties ?? {}) as object)

/** Questions as authors think of them. What a type adds stands under `answer`. */
export const fieldGroups = {
  question: ['label', 'hint', 'optional', 'when'],
  answer: [],
  rules: ['rules', 'unique', 'agreesWith'],
  privacy: ['personalData', 'purpose', 'legalBasis'],
  more: ['from', 'autocomplete'],
} as const

/** The settings that a type adds. The questions of a group stand in the outline. */
export const ownProperties = (schema: { properties?: object } | undefined): string[] =>
  Object.keys(schema?.properties ?? {}).filter((name) => name !== 'fields' && !sharedProperties.includes(name))

export const pageProperties = ['title', 'intro', 'when', 'checks']
export const documentGroups = {
  question: ['label', 'hint', 'example', 'exampleUrl', 'optional', 'when'],
  answer: ['copies', 'maxFiles', 'accept', 'maxBytes', 'minPixels', 'atDesk', 'expiresAfter'],
  privacy: ['personalData', 'purpose', 'legalBasis'],
} as const
/** Beside them the panel has controls of its own for the logo and the colours. */
export const agencyProperties = ['name', 'contact', 'units']
