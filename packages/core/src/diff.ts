/**
 * What changed from one definition to another, part by part: parts are told apart by their ids, so that a moved question
 * is a moved question and not one removed and one added. Total: a draft may be unfinished, and nothing that differs is
 * left unsaid.
 */
import type { Expression, Json, ServiceDefinition } from '@guichet/schemas'
import { formulaOf } from './formula.ts'
import { partName } from './part-name.ts'
import { formatMessage, type Messages, pickText, type Text } from './text.ts'

export interface Change {
  /** Key of the sentence in diff.messages.json, without its `diff.`. */
  code: string
  /** JSON pointer into the definition after; into the one before for what is gone. */
  pointer: string
  /** The way to what changed: parts by their names, and settings, for which `diffText` puts in the reader's words. */
  path: readonly PathStep[]
  params: Readonly<Record<string, Json>>
}

export type PathStep = { readonly name: string } | { readonly setting: string }

interface Thing {
  readonly [key: string]: Value
}
type Value = Json | Thing | undefined

const isObject = (value: Value): value is Thing => typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: Value): value is Json[] => Array.isArray(value)
const objectsIn = (value: Value): Thing[] => (isList(value) ? (value as Value[]).filter(isObject) : [])
const step = (pointer: string, key: string | number) => `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** Whether two values are the same JSON, whatever the order of keys. */
export function sameJson(a: Value, b: Value): boolean {
  if (a === b) return true
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a).filter((key) => a[key] !== undefined)
  return keys.length === Object.keys(b).filter((key) => b[key] !== undefined).length && keys.every((key) => sameJson(a[key], b[key]))
}

/** Settings that hold expressions, wherever they stand. */
const expressions = new Set(['when', 'rule', 'amount', 'copies', 'waitlist'])
const languageTag = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/
const textSettings = new Set([
  'label',
  'title',
  'summary',
  'hint',
  'example',
  'intro',
  'message',
  'statement',
  'purpose',
  'legalBasis',
  'reason',
  'remedy',
  'alt',
  'name',
])
/** More changed cells than this are counted, not listed. */
const cellsListed = 12

/** Places of the items that keep their order: the longest run that rises. The others have moved. */
function steady(places: readonly number[]): ReadonlySet<number> {
  const ends: number[] = []
  const before: number[] = []
  for (const [i, place] of places.entries()) {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((places[ends[middle] as number] as number) < place) low = middle + 1
      else high = middle
    }
    before[i] = low > 0 ? (ends[low - 1] as number) : -1
    ends[low] = i
  }
  const kept = new Set<number>()
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] as number) kept.add(at)
  return kept
}

interface PlacedField {
  field: Thing
  pointer: string
  /** Key of the page or group that holds it. */
  holder: string
  index: number
}

/** Every page under a key of its own, also where two have the same id. */
function pagesOf(definition: Thing): Map<string, { page: Thing; pointer: string }> {
  const found = new Map<string, { page: Thing; pointer: string }>()
  for (const [i, page] of (isList(definition.pages) ? (definition.pages as Value[]) : []).entries()) {
    if (!isObject(page)) continue
    let key = `page ${String(page.id)}`
    while (found.has(key)) key += '*'
    found.set(key, { page, pointer: `/pages/${i}` })
  }
  return found
}

/** Every field under a key that stays when it moves: its id, behind those of the repeated groups around it. */
function fieldsOf(definition: Thing): Map<string, PlacedField> {
  const found = new Map<string, PlacedField>()
  const walk = (fields: Value, list: string, holder: string, scope: string) => {
    if (!isList(fields)) return
    for (const [index, field] of fields.entries()) {
      if (!isObject(field)) continue
      let key = `${scope}${String(field.id)}`
      while (found.has(key)) key += '*'
      const pointer = step(list, index)
      found.set(key, { field, pointer, holder, index })
      walk(field.fields, `${pointer}/fields`, `field ${key}`, field.repeat ? `${key}.` : scope)
    }
  }
  for (const [key, { page, pointer }] of pagesOf(definition)) walk(page.fields, `${pointer}/fields`, key, '')
  return found
}

/** @param language Language in which parts are named, where they have a name in it. */
export function diff(before: ServiceDefinition, after: ServiceDefinition, language: string = after.languages[0]): Change[] {
  const [old, now] = [before as unknown as Thing, after as unknown as Thing]
  const writer = writerOf(before, after, language)
  const [oldFields, newFields] = [fieldsOf(old), fieldsOf(now)]
  writer.object([], old, now, '', new Set(['pages', 'tables']))
  writer.list([{ setting: 'pages' }], old.pages, now.pages, '/pages', new Set(['fields']))
  writer.fields(oldFields, newFields, holdersOf(old, oldFields), holdersOf(now, newFields))
  writer.tables(isObject(old.tables) ? old.tables : {}, isObject(now.tables) ? now.tables : {})
  return writer.changes
}

/** What changed between two policies; pointers start at `/policy`. */
export function diffPolicy(before: object, after: object, definition: ServiceDefinition, language: string = definition.languages[0]): Change[] {
  const writer = writerOf(definition, definition, language)
  writer.object([], before as Thing, after as Thing, '/policy', new Set())
  return writer.changes
}

/** How one value is put into a sentence, and what changed from one thing to another, with no definition before and after. */
export function valueWords(definition: ServiceDefinition, language: string = definition.languages[0]) {
  const { shown, nameOf } = writerOf(definition, definition, language)
  return {
    shown,
    nameOf,
    changes(path: readonly PathStep[], before: Json | undefined, after: Json | undefined): Change[] {
      const writer = writerOf(definition, definition, language)
      writer.value(path, before, after, '')
      return writer.changes
    },
  }
}

const holdersOf = (definition: Thing, fields: ReadonlyMap<string, PlacedField>): ReadonlyMap<string, Thing> =>
  new Map([
    ...[...pagesOf(definition)].map(([key, { page }]): [string, Thing] => [key, page]),
    ...[...fields].map(([key, { field }]): [string, Thing] => [`field ${key}`, field]),
  ])

function amountFormat(language: string, currency: string, digits: number): (amount: number) => string {
  try {
    return new Intl.NumberFormat(language, { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits }).format
  } catch {
    // No such currency yet; lint says so.
    return String
  }
}

function writerOf(before: ServiceDefinition, after: ServiceDefinition, language: string) {
  const changes: Change[] = []
  const languages = [language, ...after.languages]
  const known = new Set<string>([...before.languages, ...after.languages])
  const add = (code: string, pointer: string, params: Change['params'] = {}, path: Change['path'] = []) => changes.push({ code, pointer, path, params })

  const isText = (setting: string, value: Value): value is Record<string, string> =>
    isObject(value) &&
    Object.entries(value).length > 0 &&
    Object.entries(value).every(([key, text]) => languageTag.test(key) && typeof text === 'string') &&
    (textSettings.has(setting) || Object.keys(value).some((key) => known.has(key)))
  const textOf = (value: Value) => (isObject(value) ? pickText(value as unknown as Text, languages).text : '')
  /** What an author calls the part. */
  const nameOf = (part: Value, index = 0): string => {
    if (!isObject(part)) return String(part ?? index + 1)
    return partName(part, languages) || String(part.id ?? part.value ?? part.to ?? part.unit ?? index + 1)
  }

  const labels = new Map<string, string>()
  const choices = new Map<string, string>()
  for (const definition of [after, before] as unknown as Thing[]) {
    for (const { field } of fieldsOf(definition).values()) {
      const id = String(field.id)
      if (!labels.has(id)) labels.set(id, nameOf(field))
      for (const option of objectsIn(field.options))
        if (!choices.has(`${id} ${String(option.value)}`)) choices.set(`${id} ${String(option.value)}`, nameOf(option))
    }
    for (const computed of objectsIn(definition.computed)) if (!labels.has(String(computed.id))) labels.set(String(computed.id), nameOf(computed))
  }
  const { currency = 'EUR', decimals = 2 } = (after.locale ?? {}) as Partial<ServiceDefinition['locale']>
  const moneyFormat = (minor: number): string => (amounts ??= amountFormat(language, currency, decimals))(minor / 10 ** decimals)
  let amounts: ((amount: number) => string) | undefined
  const formula = (expression: Value): string =>
    formulaOf(expression as Expression, {
      name: (name) => labels.get(name) ?? null,
      choice: (name, value) => choices.get(`${name} ${String(value)}`) ?? null,
      money: moneyFormat,
    })
  const isExpression = (setting: string, value: Value) =>
    expressions.has(setting) || (setting === 'value' && (isObject(value) || isList(value) || typeof value === 'number'))
  /** A value as it is put into a sentence. */
  const shown = (setting: string, value: Value): Json => {
    if (value === undefined || value === null) return null
    if (isExpression(setting, value)) return formula(value)
    if (isText(setting, value)) return textOf(value)
    if (isList(value)) return value.every((item) => typeof item !== 'object') ? value.join(', ') : JSON.stringify(value)
    return isObject(value) ? JSON.stringify(value) : value
  }

  function texts(path: Change['path'], a: Value, b: Value, pointer: string) {
    const [old, now] = [isObject(a) ? a : {}, isObject(b) ? b : {}] as Record<string, string>[]
    for (const tag of new Set([...Object.keys(now as object), ...Object.keys(old as object)])) {
      const [was, is] = [old?.[tag], now?.[tag]]
      if (was === is) continue
      const params = { language: tag, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }
      add(was === undefined ? 'text.added' : is === undefined ? 'text.removed' : 'text.changed', pointer, params, path)
    }
  }

  function value(path: Change['path'], a: Value, b: Value, pointer: string): void {
    if (sameJson(a, b)) return
    const setting = path.findLast((one) => 'setting' in one)?.setting ?? ''
    const [part] = path.slice(-2).filter((one) => 'name' in one)
    const name = part && 'name' in part ? part.name : null
    const plain = () => {
      const told = { before: shown(setting, a), after: shown(setting, b) }
      const isFeeLine = pointer.startsWith('/fee/lines/') && setting === 'amount' && name !== null && a !== undefined && b !== undefined
      if (isFeeLine) add('fee.changed', pointer, { ...told, name })
      else add(a === undefined ? 'value.added' : b === undefined ? 'value.removed' : 'value.changed', pointer, told, path)
    }
    const isPlain = isExpression(setting, a ?? b)
    if (setting === 'when' && name !== null && !(isObject(a) && typeof a.when === 'string')) {
      const told = { name, ...(a === undefined ? {} : { before: formula(a) }), ...(b === undefined ? {} : { after: formula(b) }) }
      add(a === undefined ? 'condition.added' : b === undefined ? 'condition.removed' : 'condition.changed', pointer, told)
    } else if (setting === 'optional' && name !== null && (a === true) !== (b === true)) add(b === true ? 'part.optional' : 'part.required', pointer, { name })
    else if (isPlain) plain()
    else if ((isText(setting, a) || a === undefined) && (isText(setting, b) || b === undefined)) texts(path, a, b, pointer)
    else if ((isList(a) || a === undefined) && (isList(b) || b === undefined) && [...objectsIn(a), ...objectsIn(b)].length > 0)
      list(path, a, b, pointer, new Set())
    else if ((isObject(a) || a === undefined) && (isObject(b) || b === undefined) && Object.keys({ ...a, ...b }).length > 0)
      object(path, a ?? {}, b ?? {}, pointer, new Set())
    else plain()
  }

  function object(path: Change['path'], a: Thing, b: Thing, pointer: string, skip: ReadonlySet<string>) {
    for (const key of new Set([...Object.keys(b), ...Object.keys(a)]))
      if (!skip.has(key)) value([...path, { setting: key }], a[key], b[key], step(pointer, key))
  }

  /** Names of items that stay when they move; an item without a name is its place. */
  function keysOf(items: readonly Json[]): string[] {
    const taken = new Set<string>()
    return items.map((item, i) => {
      const own = isObject(item) ? (item.id ?? item.value) : null
      let key = typeof own === 'string' ? `id ${own}` : `at ${i}`
      while (taken.has(key)) key += '*'
      taken.add(key)
      return key
    })
  }

  function list(path: Change['path'], a: Value, b: Value, pointer: string, skip: ReadonlySet<string>) {
    const [old, now] = [isList(a) ? a : [], isList(b) ? b : []]
    const [oldKeys, newKeys] = [keysOf(old), keysOf(now)]
    for (const [i, key] of oldKeys.entries()) if (!newKeys.includes(key)) add('item.removed', step(pointer, i), { name: nameOf(old[i], i) }, path)
    const common = newKeys.filter((key) => oldKeys.includes(key))
    const kept = steady(common.map((key) => oldKeys.indexOf(key)))
    for (const [i, key] of newKeys.entries()) {
      const at = step(pointer, i)
      const was = oldKeys.indexOf(key)
      const name = nameOf(now[i], i)
      if (was < 0) {
        add('item.added', at, { name }, path)
        continue
      }
      if (!kept.has(common.indexOf(key))) add('item.moved', at, { name, position: i + 1 }, path)
      const [from, to]: Value[] = [old[was], now[i]]
      if (isObject(from) && isObject(to)) object([...path, { name }], from, to, at, skip)
      else value([...path, { name }], from, to, at)
    }
  }

  function fields(
    old: ReadonlyMap<string, PlacedField>,
    now: ReadonlyMap<string, PlacedField>,
    oldHolders: ReadonlyMap<string, Thing>,
    newHolders: ReadonlyMap<string, Thing>,
  ) {
    const holderName = (holder: string) => nameOf(newHolders.get(holder) ?? oldHolders.get(holder))
    // What a removed page or group held went with it.
    for (const [key, { field, pointer, holder }] of old)
      if (!now.has(key) && newHolders.has(holder)) add('field.removed', pointer, { name: nameOf(field), holder: holderName(holder) })
    const byHolder = new Map<string, string[]>()
    for (const [key, { holder }] of now) byHolder.set(holder, [...(byHolder.get(holder) ?? []), key])
    for (const [holder, keys] of byHolder) {
      const stayed = keys.filter((key) => old.get(key)?.holder === holder)
      const kept = steady(stayed.map((key) => (old.get(key) as PlacedField).index))
      for (const key of keys) {
        const { field, pointer, index } = now.get(key) as PlacedField
        const was = old.get(key)
        const name = nameOf(field)
        if (!was) {
          if (oldHolders.has(holder)) add('field.added', pointer, { name, holder: holderName(holder) })
          continue
        }
        if (was.holder !== holder) add('field.movedTo', pointer, { name, holder: holderName(holder) })
        else if (!kept.has(stayed.indexOf(key))) add('field.moved', pointer, { name, holder: holderName(holder), position: index + 1 })
        if (was.field.type !== field.type) add('field.type', pointer, { name, before: String(was.field.type), after: String(field.type) })
        object([{ name }], was.field, field, pointer, new Set(['type', 'fields']))
        if (isList(was.field.fields) !== isList(field.fields)) {
          const group = (one: Thing): Value => (isList(one.fields) ? [] : undefined)
          value([{ name }, { setting: 'fields' }], group(was.field), group(field), `${pointer}/fields`)
        }
      }
    }
  }

  function tables(old: Thing, now: Thing) {
    const tables: PathStep = { setting: 'tables' }
    for (const name of Object.keys(old)) if (!Object.hasOwn(now, name)) add('item.removed', step('/tables', name), { name }, [tables])
    for (const [name, rows] of Object.entries(now)) {
      const at = step('/tables', name)
      const path = [tables, { name }]
      const was = old[name]
      if (!Object.hasOwn(old, name)) add('item.added', at, { name }, [tables])
      else if (!isObject(was) || !isObject(rows)) value(path, was, rows, at)
      else {
        const start = changes.length
        for (const row of Object.keys(was)) if (!Object.hasOwn(rows, row)) add('row.removed', step(at, row), { name: row }, path)
        for (const [row, cells] of Object.entries(rows)) {
          if (!Object.hasOwn(was, row)) add('row.added', step(at, row), { name: row }, path)
          else value([...path, { name: row }], was[row], cells, step(at, row))
        }
        const found = changes.length - start
        if (found > cellsListed) {
          changes.length = start
          add('table.changed', at, { count: found }, path)
        } else if (found === 0 && Object.keys(was).join('\n') !== Object.keys(rows).join('\n')) add('table.order', at, {}, path)
      }
    }
  }

  return { changes, shown, nameOf, value, object, list, fields, tables }
}

/** Longer values are cut in sentences. */
const shownLetters = 140

/** The sentence of a change. `nameOf`: what the reader calls a setting; core has no names for settings of field types. */
export function diffText(change: Change, messages: Messages, language: string, nameOf: (setting: string) => string | null = () => null): string {
  const { params, path } = change
  const word = (key: string) => (typeof messages[`diff.${key}`] === 'string' ? (messages[`diff.${key}`] as string) : null)
  const say = (value: Json | undefined): Json => {
    if (value === null || value === undefined) return word('nothing') ?? ''
    if (typeof value === 'boolean') return word(value ? 'yes' : 'no') ?? String(value)
    if (typeof value !== 'string') return value
    return value.length > shownLetters ? `${value.slice(0, shownLetters)}…` : value
  }
  const steps = path.map((one) => ('name' in one ? one.name : (nameOf(one.setting) ?? word(`setting.${one.setting}`) ?? one.setting)))
  const tag = params.language
  if (typeof tag === 'string') steps.push(new Intl.DisplayNames([language], { type: 'language' }).of(tag) ?? tag)
  const placed = Object.fromEntries(Object.entries(params).map(([key, item]) => [key, key === 'before' || key === 'after' ? say(item) : item]))
  return formatMessage(messages[`diff.${change.code}`], { ...placed, where: steps.join(' – ') }, language)
}
