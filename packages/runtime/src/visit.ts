/** One person's way through one service: what the screens share. */
import type { FieldTypes, Program, Session } from '@guichet/core'
import type { UploadedFile, Uploader } from '@guichet/fields/field-view'
import type { TemplateResult } from 'lit-html'
import type { Group } from './group.ts'
import type { Step } from './journey.ts'
import type { AnyView } from './question.ts'
import type { Rows } from './rows.ts'
import type { Confirmation, ServiceView } from './service-view.ts'
import type { Transport } from './transport.ts'
import type { Said, Words } from './words.ts'

/** The meanings and views of the types a definition uses. */
export interface Fields {
  types: FieldTypes
  views: Readonly<Record<string, AnyView>>
  /** Draws repeated groups; loaded for definitions that have any. */
  Rows?: typeof Rows | undefined
  /** Draws groups that only arrange; loaded for definitions that have any. */
  Group?: typeof Group | undefined
}

/** A problem as it is shown: the sentence, and where it is put right, if that is known. */
export interface ShownProblem {
  said: Said
  /** The question it is about; absent where the sentence stands for itself. */
  label?: Said
  step?: Step
  instance?: string
  /** Required document, for problems of the documents step. */
  document?: string
}

/** What a visit goes on from. */
export interface Seed extends Pick<Visit, 'files' | 'changing' | 'confirmation'> {
  readonly session: Pick<Session, 'inputs' | 'documents' | 'atDesk'>
}

export interface Visit {
  readonly view: ServiceView
  readonly program: Program
  readonly session: Session
  readonly words: Words
  readonly fields: Fields
  readonly transport: Transport
  readonly uploader: Uploader
  /** Files that have arrived, by id. */
  readonly files: Map<string, UploadedFile>
  /** Problems found beyond the step at hand; each is shown at its step until that is continued. */
  found: readonly ShownProblem[]
  /** The person came from the check to change one answer. */
  changing: boolean
  confirmation: Confirmation | null
  /** Goes to a step; `at` is a field or a document to put the focus on. */
  go(step: Step, at?: string): Promise<void>
  /** The step that is shown. */
  step(): Step
  /** The visit that is shown now: another once the language has changed. Null: the element is on no page. */
  now(): Visit | null
  /** Loads the service anew and goes on, at the start, from what was kept elsewhere. @throws if it cannot be loaded */
  resume(seed: Seed, language: string): Promise<void>

  /** Draws the screen again. */
  redraw(): void
  announce(sentence: string): void
  /** An element of the service as it is drawn now. */
  find(selector: string): HTMLElement | null
  /** Takes in the strings of checking and of the later screens, which the first page does without. */
  learn(): Promise<void>
  /** How many files are on their way. */
  uploads(): number
  /** Something was typed or handed in that is not sent yet. */
  typed(): void
  /** What was typed is kept elsewhere. */
  safe(): void
  /** Everything has been sent and received. */
  sent(confirmation: Confirmation): void
  /** Tells the page around. */
  tell(event: string, detail: Readonly<Record<string, unknown>>): void
  /** A part of the runtime could not be loaded. */
  trouble(): void
}

/** What is between the top of the service and its end. */
export interface Screen {
  /** Styles beyond the shared ones. */
  styles?: string
  /** `saved`: the way to what was saved, which the start puts beside its button; on other steps it stands below. */
  template(saved?: unknown): TemplateResult
  /** Puts the focus on a field or document. Gives whether it is there. */
  focus?(at: string): boolean
}

/** Steps before the first page and after the check. */
export const startStep: Step = '#start'
export const sentStep: Step = '#sent'
