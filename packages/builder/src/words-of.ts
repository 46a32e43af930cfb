/** Conditions and values in the author's words: rows where rows can say it, a readable formula where not. */
import { directionOf } from '@guichet/core'
import { type FormulaWord, formulaOf } from '@guichet/core/formula'
import { fieldTypes } from '@guichet/fields/field-types'
import type { Expression, Json } from '@guichet/schemas'
import { isRow, type Row, rowsOf } from './editor/condition-rows.ts'
import type { Definition } from './editor/edit.ts'
import { allFields, nameOf } from './editor/part.ts'
import { type ReadableName, readableNames } from './editor/readable-names.ts'
import { language, type MessageKey, say } from './language.ts'

export interface Reader {
  /** A condition as a sentence. */
  condition(expression: Expression): string
  /** Any expression as a formula. */
  formula(expression: Expression): string
  /** A value as it is read beside the name. */
  value(name: string, value: Json, isMoney?: boolean): string
  labelOf(name: string): string
  /** What is known of a name; the same as long as nothing about it has changed. */
  named(name: string): ReadableName | undefined
}

/** @param pointer Place at which the expression stands: rows of a group see their own fields first. */
export function readerAt(definition: Definition, pointer: string): Reader {
  const names = new Map<string, ReadableName>(readableNames(definition, fieldTypes, pointer).map((name) => [name.name, name]))
  // Inside `count` and the like stand fields of other rows.
  const inRows = (name: string): string | undefined => {
    for (const { field } of allFields(definition)) if (field.id === name) return nameOf(definition, field)
    return undefined
  }
  const { currency, decimals } = definition.locale
  // A name that reads the other way stays apart from the sentence around it.
  const isOtherWay = directionOf(definition.languages[0]) !== directionOf(language())
  const apart = (text: string) => (isOtherWay ? `\u2068${text}\u2069` : text)
  const labelOf = (name: string) => apart(names.get(name)?.label ?? inRows(name) ?? name)
  const choice = (name: string, value: Json) => names.get(name)?.choices.find((one) => one.value === value)?.label ?? null
  const money = (minor: number) => {
    try {
      return new Intl.NumberFormat(language(), { style: 'currency', currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(
        minor / 10 ** decimals,
      )
    } catch {
      return String(minor / 10 ** decimals)
    }
  }
  const value = (name: string, given: Json, isMoney = names.get(name)?.kind === 'money'): string => {
    if (given === null || given === undefined) return say('logic.noAnswer')
    if (typeof given === 'boolean') return say(given ? 'condition.yes' : 'condition.no')
    if (typeof given === 'number') return isMoney ? money(given) : new Intl.NumberFormat(language()).format(given)
    if (Array.isArray(given)) {
      if (given.some((item) => typeof item === 'object')) return say('logic.rowCount', { count: given.length })
      return new Intl.ListFormat(language(), { type: 'disjunction' }).format(given.map((item) => value(name, item, isMoney)))
    }
    if (typeof given === 'object')
      return Object.values(given)
        .filter((part) => typeof part === 'string')
        .join(', ')
    return `“${apart(choice(name, given) ?? given)}”`
  }
  const formula = (expression: Expression): string => formulaOf(expression, { name: labelOf, choice, money, word: (key: FormulaWord) => say(`formula.${key}`) })
  const row = ({ name, operator, value: given, money: isMoney }: Row): string => {
    const said = say(`operator.${operator}` as MessageKey)
    const shown = given === null ? '' : ` ${value(operator.startsWith('rows') || operator.startsWith('age') ? '' : name, given, isMoney)}`
    return `${labelOf(name)} ${said}${shown}`
  }
  const condition = (expression: Expression): string => {
    if (typeof expression === 'object' && expression !== null && !Array.isArray(expression) && typeof (expression as { var?: unknown }).var === 'string')
      return `${labelOf((expression as { var: string }).var)} ${say('operator.is')} ${say('condition.yes')}`
    const rows = rowsOf(expression)
    // A list of plain rows is a sentence; groups and rows of rows are clearer with the brackets of a formula.
    const plain = rows?.rows.filter((item): item is Row => isRow(item) && item.where === undefined && item.field === undefined) ?? []
    if (rows === null || plain.length === 0 || plain.length < rows.rows.length) return formula(expression)
    const joiner = say(rows.join === 'all' ? 'formula.and' : 'formula.or')
    return plain.map(row).join(` ${joiner} `)
  }
  return { condition, formula, value, labelOf, named: (name) => names.get(name) }
}
