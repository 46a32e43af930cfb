/**
 * The contract of a field type's meaning: pure functions, the same in the browser, the builder's preview and the
 * server. A type lives whole in one folder of packages/fields; docs/extend/field-type.md makes one.
 */
import type { Answers, Field, Json, Locale } from '@guichet/schemas'

/** Kinds that the expression checker knows. A time is HH:MM, a month YYYY-MM: texts that can be put in order. */
export type ValueKind = 'text' | 'number' | 'money' | 'boolean' | 'date' | 'time' | 'month' | 'choice' | 'list' | 'rows' | 'object' | 'none'

/** What a type may know about its surroundings. */
export interface FieldContext {
  locale: Locale
  /** ISO date in the service's time zone. */
  today: string
  /** Tables of the definition: choices may come from one. */
  tables: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>
}

/** How a value is shown. */
export interface ShowContext extends FieldContext {
  language: string
  /** Languages to fall back to, best first. */
  fallback: readonly string[]
}

/** Why an input is no value, or a value is not allowed: message key within the type, and what to put into it. */
export interface Finding {
  code: string
  params?: Record<string, Json>
  /** The author's own sentence, where the settings have one; it is shown instead of the type's. */
  message?: Record<string, string>
}

export interface FieldType<Settings = Field> {
  readonly name: string
  /** Whether the field holds an answer; `content` does not. Default true. */
  readonly answers?: boolean
  /** The kind of its value in expressions. */
  kind(settings: Settings): ValueKind
  /** Parts of an object, or of each item of a list, that expressions may read. Absent: any, unchecked. */
  parts?(settings: Settings): Readonly<Record<string, ValueKind>> | undefined
  /**
   * Input to value. Takes what a person typed (a string, in any digits) as well as a stored value, and gives the
   * stored value: `parse(parse(x))` is `parse(x)`. Null means nothing was answered. Total: never throws.
   */
  parse(input: Json, settings: Settings, context: FieldContext): { value: Json } | { finding: Finding }
  /** Whether the value keeps the field's settings (length, range, pattern ...). Absent: always. */
  check?(value: Json, settings: Settings, context: FieldContext): Finding | null
  /** The value as a person reads it: check-answers page, receipt, desk. */
  show(value: Json, settings: Settings, context: ShowContext): string
  /** What is drawn of a value that words cannot show, beside what `show` says: SVG path data in a box of that size. */
  picture?(value: Json, settings: Settings): { width: number; height: number; path: string } | null
  /** JSON Schema of a stored value; whatever parse and check accept must be valid against it. */
  schema(settings: Settings, context: Pick<FieldContext, 'tables' | 'locale'>): Record<string, unknown>
  /** Identifier types: what the value says about its holder, as far as it says it. */
  facts?(value: Json, settings: Settings): { birth?: (iso: string) => boolean; gender?: 'm' | 'f' }
  /** Ids of attachments inside a value (file fields). */
  attachments?(value: Json): string[]
  /** Values a choice offers; the checker compares literals with them. */
  choices?(settings: Settings, context: Pick<FieldContext, 'tables'>): string[]
  /**
   * Made-up answers that it takes with these settings, where its schema alone does not lead to one: a check digit, two days
   * in order. `holder`: what an identifier is to say about its holder, if it says such things.
   */
  samples?(settings: Settings, context: FieldContext, holder?: { birth?: string; gender?: 'm' | 'f' }): readonly Json[]
  /** Settings that their schema lets through and that nothing can be done with: lint's code, and the property. */
  faults?(settings: Settings): readonly { code: string; property: string }[]
}

/** The types a definition may use, by name. Core takes it as an argument, so that it never imports fields. */
export type FieldTypes = Readonly<Record<string, FieldType<never>>>

export type { Answers, Field, Json, Locale }
