import type { FieldContext, FieldType, Finding, Json } from '@guichet/core'
import type { Option, OrderLinesField } from '../../generated/settings.ts'
import { labelOf, optionsOf } from '../choices.ts'
import { showMoney } from '../money/money.ts'
import { readNumber } from '../number/read-number.ts'

export interface Item {
  option: Option
  /** Minor units for one. */
  price: number
}

/** What can be ordered: the rows of the table that have a whole price. */
export function itemsOf(settings: OrderLinesField, context: Pick<FieldContext, 'tables'>): Item[] {
  const rows = Object.hasOwn(context.tables, settings.optionsFrom.table) ? context.tables[settings.optionsFrom.table] : {}
  return optionsOf(settings, context).flatMap((option) => {
    const row = rows?.[option.value] ?? {}
    const price = Object.hasOwn(row, settings.price) ? row[settings.price] : null
    return typeof price === 'number' && Number.isSafeInteger(price) && price >= 0 ? [{ option, price }] : []
  })
}

const isObject = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)
const own = (value: Json, key: string): Json => (isObject(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null)

/** Item to quantity, as typed (an object) or stored (a list of lines). Null if it is neither. */
export function quantitiesIn(input: Json): ReadonlyMap<string, Json> | null {
  if (isObject(input)) return new Map(Object.entries(input))
  if (!Array.isArray(input)) return null
  const quantities = new Map<string, Json>()
  for (const line of input) {
    const item = own(line, 'item')
    if (typeof item !== 'string') return null
    quantities.set(item, own(line, 'quantity'))
  }
  return quantities
}

/** A typed quantity; 0 for an empty one, null if it is none. */
export function readQuantity(typed: Json): number | null {
  if (typed === null || (typeof typed === 'string' && typed.trim() === '')) return 0
  const quantity = readNumber(typed, 0)
  return quantity !== null && Number.isInteger(quantity) && quantity >= 0 ? quantity : null
}

/** Minor units of all lines together; what is no quantity counts as nothing. */
export function totalOf(items: readonly Item[], quantities: ReadonlyMap<string, Json>): number {
  return items.reduce((total, { option, price }) => total + price * (readQuantity(quantities.get(option.value) ?? null) ?? 0), 0)
}

export const orderLines: FieldType<OrderLinesField> = {
  name: 'order-lines',
  kind: () => 'list',
  parts: () => ({ item: 'text', quantity: 'number' }),
  parse(input, settings, context) {
    if (input === null || input === '') return { value: null }
    const quantities = quantitiesIn(input)
    if (!quantities) return { finding: { code: 'invalid' } }
    const items = itemsOf(settings, context)
    for (const [item, typed] of quantities) {
      const quantity = readQuantity(typed)
      if (quantity === null) return { finding: { code: 'quantity' } }
      // An item that was ordered and is gone must not vanish without a word.
      if (quantity > 0 && !items.some(({ option }) => option.value === item)) return { finding: { code: 'gone' } }
    }
    const lines = items.flatMap(({ option: { value: item } }) => {
      const quantity = readQuantity(quantities.get(item) ?? null) ?? 0
      return quantity > 0 ? [{ item, quantity }] : []
    })
    return { value: lines.length > 0 ? lines : null }
  },
  check(value, settings, context): Finding | null {
    const { maxQuantity = 99, maxTotal } = settings
    const quantities = quantitiesIn(value)
    if (!quantities) return { code: 'invalid' }
    if ([...quantities.values()].some((quantity) => typeof quantity !== 'number' || quantity > maxQuantity))
      return { code: 'tooMany', params: { count: maxQuantity } }
    const { currency, decimals } = context.locale
    const limit = () => ({
      number: (maxTotal ?? 0) / 10 ** decimals,
      style: 'currency',
      currency,
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    })
    return maxTotal !== undefined && totalOf(itemsOf(settings, context), quantities) > maxTotal ? { code: 'tooDear', params: { max: limit() } } : null
  },
  show(value, settings, context) {
    const quantities = quantitiesIn(value)
    if (!quantities || quantities.size === 0) return ''
    const { locale, language, fallback } = context
    const money = (amount: number) => showMoney(amount, locale, language, fallback)
    const number = new Intl.NumberFormat(language)
    const items = itemsOf(settings, context)
    const lines = [...quantities].map(([item, held]) => {
      const quantity = typeof held === 'number' ? held : 0
      const found = items.find(({ option }) => option.value === item)
      const label = found ? labelOf(found.option, language, fallback).text : item
      return `${number.format(quantity)} × ${label}${found ? `: ${money(found.price * quantity)}` : ''}`
    })
    return [...lines, `= ${money(totalOf(items, quantities))}`].join('\n')
  },
  schema(settings, context) {
    const values = itemsOf(settings, context).map(({ option }) => option.value)
    return {
      type: 'array',
      minItems: 1,
      maxItems: Math.max(1, values.length),
      items: {
        type: 'object',
        required: ['item', 'quantity'],
        properties: {
          item: values.length > 0 ? { type: 'string', enum: values } : { not: {} },
          quantity: { type: 'integer', minimum: 1, maximum: settings.maxQuantity ?? 99 },
        },
        additionalProperties: false,
      },
    }
  },
}
