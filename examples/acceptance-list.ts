/**
 * The list of acceptance services that the examples were written from is kept outside this repository. Where it lies
 * beside it, the examples' cases are compared with it; this file reads it and says its cases in our form.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answers, Field, Json, ServiceDefinition } from '@guichet/schemas'
import { parse } from 'yaml'
import type { Case, Expectation } from './case.ts'

interface ListedCase {
  name: string
  today?: string
  answers?: Answers
  typed?: Answers
  expect?: { documents?: string[]; computed?: Record<string, Json>; fee?: number; to?: string; errors?: string[] }
  note?: string
}

export interface AcceptanceList {
  meta: { today: string }
  services: { id: string; cases: ListedCase[] }[]
}

/** The list, or null where there is none beside the repository. */
export function readAcceptanceList(): AcceptanceList | null {
  const around = join(import.meta.dirname, '..', '..')
  const file = readdirSync(around, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(around, entry.name, 'data', 'services.yaml'))
    .find((path) => existsSync(path))
  return file ? parse(readFileSync(file, 'utf8'), { merge: true }) : null
}

type AnyField = Field & { fields?: AnyField[] }

/** Shapes that the list names without drawing them: corners as a person types them, latitude and longitude. */
const drawn: Record<string, Json> = { 'poly-1': '53.3498, -6.2603\n53.3498, -6.2601\n53.3499, -6.2601\n53.3499, -6.2603' }

/** The list's cases as ours: money typed in major units, expected money in minor units, pointers for paths. */
export function casesOf(listed: ListedCase[], definition: ServiceDefinition): Case[] {
  const minor = (major: number) => Math.round(major * 10 ** definition.locale.decimals)
  const typedValue = (value: Json, field: AnyField | undefined): Json => {
    if (field?.type === 'group' && Array.isArray(value)) return value.map((row) => answersOf(row as Answers, field.fields ?? []))
    if (field?.type === 'money' && typeof value === 'number') return value.toFixed(definition.locale.decimals)
    if (field?.type === 'location' && typeof value === 'string') return drawn[value] ?? value
    return (field?.type === 'select' || field?.type === 'radio') && typeof value === 'number' ? String(value) : value
  }
  const answersOf = (answers: Answers, fields: AnyField[]): Answers =>
    Object.fromEntries(
      Object.entries(answers).map(([id, value]) => [
        id,
        typedValue(
          value,
          fields.find((field) => field.id === id),
        ),
      ]),
    )
  const isMoney = (id: string) => definition.computed?.some((value) => value.id === id && value.type === 'money')
  const expectationOf = ({ documents, computed, fee, to, errors }: NonNullable<ListedCase['expect']>): Expectation => ({
    ...(documents && {
      documents: documents.map((document) => {
        const [id = '', copies = '1'] = document.split(' x')
        return { id, copies: Number(copies) }
      }),
    }),
    ...(computed && { computed: Object.fromEntries(Object.entries(computed).map(([id, value]) => [id, isMoney(id) ? minor(value as number) : value])) }),
    ...(fee !== undefined && { fee: minor(fee) }),
    ...(to && { to }),
    ...(errors && { errors: errors.map((path) => `/${path.replace(/\[(\d+)\]\./g, '/$1/')}`) }),
  })
  const fields = definition.pages.flatMap((page) => page.fields) as AnyField[]
  return listed.flatMap(({ name, today, answers, typed, expect, note }): Case[] => {
    if (!answers || !expect) return [{ name, ...(note && { note }) }]
    const plain: Case = { name, ...(today && { today }), answers: answersOf(answers, fields), expect: expectationOf(expect) }
    if (!typed) return [plain]
    const stored = Object.fromEntries(Object.keys(typed).map((id) => [id, answers[id] ?? null]))
    return [
      { ...plain, name: `${name}: as stored` },
      { ...plain, answers: { ...plain.answers, ...typed }, expect: { ...plain.expect, stored } },
    ]
  })
}
