/** Conditions and values in the author's words: a sentence where rows can say it, a readable formula in it where not. */
import { directionOf } from '@guichet/core'
import { type FormulaWord, formulaOf } from '@guichet/core/formula'
import type { Expression, Json } from '@guichet/schemas'
import { expressionOf, isRow, isRows, type Row, type Rows, rowsWithFormulas } from './editor/condition-rows.ts'
import type { Definition } from './editor/edit.ts'
import { allFields, nameOf } from './editor/part.ts'
import { isObject } from './editor/pointer.ts'
import { type ReadableName, readableNames } from './editor/readable-names.ts'
import { fieldTypes } from './known-types.ts'
import { language, say } from './language.ts'
import { operatorName } from './names.ts'

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

/** The name, where an expression is nothing but one. */
const nameRead = (expression: Expression | undefined): string | null => (isObject(expression) && typeof expression.var === 'string' ? expression.var : null)

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
  /** A day in the service's calendar, as the author's language writes it. */
  const day = (iso: string) =>
    new Intl.DateTimeFormat(language(), { dateStyle: 'medium', calendar: definition.locale.calendar, timeZone: 'UTC' }).format(new Date(`${iso}T00:00:00Z`))
  const value = (name: string, given: Json, isMoney = names.get(name)?.kind === 'money'): string => {
    if (given === null || given === undefined) return say('logic.noAnswer')
    if (typeof given === 'boolean') return say(given ? 'condition.yes' : 'condition.no')
    if (typeof given === 'number') return isMoney ? money(given) : new Intl.NumberFormat(language()).format(given)
    if (Array.isArray(given)) {
      if (given.some((item) => typeof item === 'object')) return say('logic.rowCount', { count: given.length })
      return new Intl.ListFormat(language(), { type: 'disjunction' }).format(given.map((item) => value(name, item, isMoney)))
    }
    if (typeof given === 'string' && names.get(name)?.kind === 'date' && /^\d{4}-\d\d-\d\d$/.test(given)) return day(given)
    if (typeof given === 'object')
      return Object.values(given)
        .filter((part) => typeof part === 'string')
        .join(', ')
    return `“${apart(choice(name, given) ?? given)}”`
  }
  const formula = (expression: Expression): string => formulaOf(expression, { name: labelOf, choice, money, word: (key: FormulaWord) => say(`formula.${key}`) })
  const row = ({ name, operator, value: given, money: isMoney }: Row): string => {
    const said = operatorName(operator, names.get(name)?.kind)
    const shown = given === null ? '' : ` ${value(operator.startsWith('rows') || operator.startsWith('age') ? '' : name, given, isMoney)}`
    return `${labelOf(name)} ${said}${shown}`
  }
  /** Whether a yes-or-no is the one or the other. */
  const yesNo = (name: string, isYes: boolean) => `${labelOf(name)} ${say('operator.is')} ${say(isYes ? 'condition.yes' : 'condition.no')}`
  const sentence = (expression: Expression): string => {
    const named = nameRead(expression)
    if (named !== null) return yesNo(named, true)
    const denied = isObject(expression) && Array.isArray(expression['!']) && expression['!'].length === 1 ? nameRead(expression['!'][0] as Expression) : null
    return denied === null ? formula(expression) : yesNo(denied, false)
  }
  /** A group among others stands in brackets, as what it is joined by may be another. */
  const joined = ({ join, rows }: Rows): string =>
    rows
      .map((item) => {
        if (isRows(item)) return `(${joined(item)})`
        if (!isRow(item)) return sentence(item.formula)
        // What is asked of other rows is clearer with the brackets of a formula.
        return item.where === undefined && item.field === undefined ? row(item) : formula(expressionOf({ join: 'all', rows: [item] }) as Expression)
      })
      .join(` ${say(join === 'all' ? 'formula.and' : 'formula.or')} `)
  const condition = (expression: Expression): string => joined(rowsWithFormulas(expression))
  return { condition, formula, value, labelOf, named: (name) => names.get(name) }
}
