/**
 * The contract of a field type's view: how it is drawn, and how typing reaches the session. Views are functions over
 * lit-html, not custom elements: at 200 fields one element a field costs a fifth of the time to interactive.
 * The runtime draws the question around the view (label or legend, hint, error); the view draws the answer.
 */
import type { Answers, Field, FieldContext, Json } from '@guichet/core'
import type { TemplateResult } from 'lit-html'

/*
 * Classes that views draw with; the runtime's style sheet has them all (logical properties, tokens only):
 *   g-input, g-textarea, g-select    the controls; [aria-invalid='true'] is the state of error
 *   g-affix                          a row of g-prefix or g-suffix (currency, unit) and its g-input; left to right always
 *   g-choices                        a list of g-choice
 *   g-choice                         <label> around a native radio button or check box and a <span> of text
 *   g-choice-hint                    second line in that text
 *   g-output                         a computed value
 *   g-content g-content-plain|info|warning, g-content-mark   text between the questions, and its word "Important"
 *   g-statement                      what a consent agrees to
 * Paragraphs keep the line breaks of the author's plain text: `white-space: pre-line`.
 */

/** A file on its way to the server, or arrived. */
export interface UploadedFile {
  id: string
  name: string
  size: number
  type: string
}

/** What there is to tell of a file on its way, beside how far it has come. */
export interface UploadState {
  /** There is no line; it goes on by itself when there is one. */
  waiting: boolean
  /** To be read: how much is left, or what it waits for. */
  note?: string
  /** To be said now to those who do not see it. */
  said?: string
}

/** Gets 0..1. */
export type Progress = (done: number, state?: UploadState) => void

/** One option of a list, with its words in the reader's language where it has them. */
export interface ListedOption {
  value: string
  label: Record<string, string>
}

/** What a field may ask of the server. */
export interface Uploader {
  /**
   * Sends one file. Rejects with an Error whose message is a sentence for the person. `target` is the instance path of the
   * file field, or a document's id.
   */
  upload(file: File, target: string, progress: Progress, signal: AbortSignal): Promise<UploadedFile>
  /**
   * Options of a field whose list stays on the server: those that a query finds, from the nth on, or the one of a value.
   * `path`: of the field, such as `members.street`. `count`: how many are found in all. Rejects when there is no answer.
   */
  options?(path: string, asked: { query: string; from: number } | { value: string }): Promise<{ options: ListedOption[]; count: number }>
  /** Names of files that had come part of their way when somebody left: chosen again, they go on from there. */
  unfinished?(target: string): readonly string[]
}

/** What the runtime hands to a view. */
export interface FieldViewProps<Settings = Field> {
  /** DOM id of the main input; parts append `-day` and the like. The error summary's link leads here. */
  id: string
  /** `name` attribute, unique in the form: the instance path. */
  name: string
  field: Settings
  /** What was typed: draw this, so that nothing a person wrote is ever rewritten under their hands. */
  input: Json
  /** The parsed value; null if there is none. */
  value: Json
  /** Ids of hint and error, for aria-describedby; undefined if there is neither. */
  describedBy: string | undefined
  invalid: boolean
  required: boolean
  /** Language of the interface. */
  language: string
  context: FieldContext
  /** A text of the definition in the reader's language; draw `language` as the part's `lang` where it differs. */
  text(text: Readonly<Record<string, string>> | undefined): { text: string; language: string }
  /** A string of this type's messages file (`add`), formatted. */
  message(key: string, params?: Readonly<Record<string, Json>>): string
  /** Takes what was typed, on every input event. */
  onInput(input: Json): void
  /** Draw again: for views with a state of their own beside the input (an upload's progress). */
  redraw(): void
  uploader?: Uploader
}

export interface FieldView<Settings = Field> {
  /**
   * `label`: the runtime writes <label for=id> (one input, which the view ties to `describedBy`). `group`: it writes
   * <fieldset aria-describedby><legend> (several inputs, the first with the id). `own`: the view writes its own label,
   * with the question's text (a single check box). `bare`: no question at all, nor hint nor error.
   */
  readonly layout: 'label' | 'group' | 'own' | 'bare'
  render(props: FieldViewProps<Settings>): TemplateResult
  /** Styles beyond the shared ones; constructed once and adopted. Logical properties, tokens only. */
  readonly styles?: string
}

export type { Answers, Field, FieldContext, Json }
