/**
 * What an edit is: a pure function from one definition to the next. Every change an author makes goes through one, so
 * undo, the history in words and the tests need to know nothing about the screens.
 */
import type { Json, Policy, ServiceDefinition } from '@guichet/schemas'

export type Definition = ServiceDefinition

/** What is saved together. */
export interface Draft {
  readonly definition: Definition
  readonly policy: Policy | null
}

/** What was done, as a key of the builder's messages (`done.<key>`) and what to put into it. */
export interface Words {
  key: string
  params: Readonly<Record<string, string | number>>
}

export interface Edited {
  definition: Definition
  /** JSON pointer of the part to go on with: the one added or moved, or the neighbour of the one removed. */
  part: string
  /** All of them, where there are several. */
  parts?: readonly string[]
  words: Words
  /** Edits in a row with the same key are one step of the history (typing in one box). */
  merge?: string
}

/** Why an edit was not made; a key of the builder's messages (`refused.<code>`). */
export type RefusalCode =
  | 'noSuchPart'
  | 'lastPage'
  | 'idTaken'
  | 'idForm'
  | 'shape'
  | 'lastLanguage'
  | 'languageTaken'
  | 'languageForm'
  | 'intoItself'
  | 'noFurther'
  | 'severalKinds'
  | 'notAGroup'
  | 'sameType'
  | 'noSuchLanguage'
  | 'rowKey'
  | 'nothingCopied'
  | 'tooManyExamples'
  | 'emptyText'

export interface Refused {
  refused: RefusalCode
  params: Readonly<Record<string, string | number>>
}

export type Edit = (definition: Definition) => Edited | Refused

export const refuse = (refused: RefusalCode, params: Record<string, string | number> = {}): Refused => ({ refused, params })

export const isRefused = (outcome: object): outcome is Refused => 'refused' in outcome

/** Anything JSON, read-only, as the immutable helpers see it. */
export type Tree = Json
