/**
 * What a service does with personal data, as its definition says: for the notice that citizens read (GDPR Art. 13) and for
 * the agency's register of processing (Art. 30).
 */
import type { Field, RequiredDocument, ServiceDefinition } from '@guichet/schemas'
import { sameJson } from './diff.ts'
import type { Text } from './text.ts'

export type PersonalData = NonNullable<Field['personalData']>

export interface SheetItem {
  /** Path of the field, or id of the document. */
  id: string
  label: Text
  kind: PersonalData
  /** Null: neither it nor the service says. */
  purpose: Text | null
  legalBasis: Text | null
}

export interface DataSheet {
  items: readonly SheetItem[]
  purposes: readonly Text[]
  legalBases: readonly Text[]
  /** The kinds of data, each once, in the order of the schema's list. */
  kinds: readonly PersonalData[]
  people: Text | null
  recipients: NonNullable<NonNullable<ServiceDefinition['dataProtection']>['recipients']>
  keptMonths: number | null
  keptBecause: Text | null
  officer: Text | null
  supervisor: Text | null
}

const order: readonly PersonalData[] = ['ordinary', 'identifier', 'contact', 'financial', 'child', 'special', 'criminal']

const once = (texts: readonly (Text | null)[]): Text[] => {
  const found: Text[] = []
  for (const text of texts) if (text && !found.some((each) => sameJson(each, text))) found.push(text)
  return found
}

export function dataSheet(definition: ServiceDefinition): DataSheet {
  const own = definition.dataProtection ?? {}
  const items: SheetItem[] = []
  const add = (part: Field | RequiredDocument, id: string) => {
    const { personalData, label, purpose, legalBasis } = part
    if (personalData && personalData !== 'none')
      items.push({
        id,
        label: label ?? {},
        kind: personalData,
        purpose: purpose ?? own.purpose ?? null,
        legalBasis: legalBasis ?? own.legalBasis ?? definition.guide?.legalBasis ?? null,
      })
  }
  const walk = (fields: readonly Field[], prefix: string) => {
    for (const field of fields) {
      add(field, prefix + field.id)
      const { fields: inner, repeat } = field as Field & { fields?: readonly Field[]; repeat?: unknown }
      if (inner) walk(inner, repeat ? `${prefix}${field.id}.` : prefix)
    }
  }
  for (const page of definition.pages) walk(page.fields as readonly Field[], '')
  for (const document of definition.documents ?? []) add(document, document.id)
  return {
    items,
    purposes: once([own.purpose ?? null, ...items.map(({ purpose }) => purpose)]),
    legalBases: once([own.legalBasis ?? definition.guide?.legalBasis ?? null, ...items.map(({ legalBasis }) => legalBasis)]),
    kinds: order.filter((kind) => items.some((item) => item.kind === kind)),
    people: own.people ?? null,
    recipients: own.recipients ?? [],
    keptMonths: own.keptMonths ?? null,
    keptBecause: own.keptBecause ?? null,
    officer: own.officer ?? null,
    supervisor: own.supervisor ?? null,
  }
}

/** What is different in a sheet; the sentences are the server's. `label`: of the item that it is about. */
export interface SheetChange {
  code: 'added' | 'removed' | 'kind' | 'purpose' | 'legalBasis' | 'people' | 'recipients' | 'kept' | 'officer' | 'supervisor'
  label: Text | null
}

export function sheetChanges(before: DataSheet, after: DataSheet): SheetChange[] {
  const changes: SheetChange[] = []
  const old = new Map(before.items.map((item) => [item.id, item]))
  for (const item of after.items) {
    const was = old.get(item.id)
    old.delete(item.id)
    if (!was) changes.push({ code: 'added', label: item.label })
    else for (const code of ['kind', 'purpose', 'legalBasis'] as const) if (!sameJson(was[code], item[code])) changes.push({ code, label: item.label })
  }
  for (const item of old.values()) changes.push({ code: 'removed', label: item.label })
  for (const code of ['people', 'recipients', 'officer', 'supervisor'] as const)
    if (!sameJson(before[code] as never, after[code] as never)) changes.push({ code, label: null })
  if (before.keptMonths !== after.keptMonths || !sameJson(before.keptBecause, after.keptBecause)) changes.push({ code: 'kept', label: null })
  return changes
}
