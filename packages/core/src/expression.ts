/**
 * The expression language: JSON Logic (https://jsonlogic.com/operations.html) where it has the operation, typed and
 * total. This file evaluates; expression-check.ts checks what an author wrote. docs/expressions.md is the reference.
 *
 * Rules that differ from JSON Logic, and why:
 * - nothing is coerced: an operation given an operand of the wrong kind, or an absent one, is absent (null);
 * - conditions hold only when they are exactly `true`; and/or/not know three values (true, false, unknown = null);
 * - a row of a repeated group sees its own fields first, then those outside.
 */
import type { Expression, Json } from '@guichet/schemas'

/** Where `var` looks. `read` gives undefined for a name that is not declared here, so that `outer` is asked. */
export interface Scope {
  read(name: string): Json | undefined
  outer?: Scope
}

/** What is handed in from outside; the language itself knows no clock and no data. */
export interface Environment {
  /** ISO date of today in the service's time zone. */
  today: string
  tables?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>
  /** Steps left; an evaluation that needs more throws RangeError. Absent: 100,000 an evaluation. */
  steps?: number
  /** Steps left for all evaluations that share this. */
  together?: { left: number }
}

type Args = Expression[]
type Run = (expression: Expression, scope: Scope) => Json
type Operation = (args: Args, scope: Scope, run: Run, env: Environment) => Json

const isNumber = (value: Json): value is number => typeof value === 'number' && Number.isFinite(value)
/** Adding 0 makes -0, which would be written "-0", plain 0. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value + 0 : null)
const isText = (value: Json): value is string => typeof value === 'string'

/** Days from 1970 to an ISO date (a time after it is left out); null if it is no real day. */
export function dayNumber(value: Json): number | null {
  if (!isText(value) || !/^\d{4}-\d\d-\d\d(T|$)/.test(value)) return null
  const time = Date.parse(value.slice(0, 10))
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value.slice(0, 10) ? null : time / 864e5
}

/** Moves the decimal point in the digits, where multiplying by a power of ten would leave a tail. */
const shift = (value: number, places: number) => {
  const [digits, exponent = 0] = String(value).split('e')
  return Number(`${digits}e${Number(exponent) + places}`)
}

/** Rounds the decimal digits a person sees: 1.005 is just that, and 0.1 + 0.2 is 0.3. Whole numbers stay exact. */
const atPlaces =
  (round: (value: number) => number) =>
  (value: number, places: number): number =>
    Number.isInteger(value) && places >= 0 ? value : shift(round(shift(Number(value.toPrecision(15)), places)), -places)

/** Rounds half away from zero: 1.005 to 2 places is 1.01, -2.5 to none is -3. */
export const roundTo = atPlaces((value) => Math.sign(value) * Math.round(Math.abs(value)))

/** Completed years from `birth` to `at` (both ISO dates); 29 February is reached on 1 March in common years. */
function yearsBetween(birth: Json, at: Json): number | null {
  if (dayNumber(birth) === null || dayNumber(at) === null) return null
  const [b, a] = [birth as string, at as string]
  return +a.slice(0, 4) - +b.slice(0, 4) - (a.slice(5, 10) < b.slice(5, 10) ? 1 : 0)
}

const numbers =
  (reduce: (values: number[]) => number): Operation =>
  (args, scope, run) => {
    const values = args.map((arg) => run(arg, scope))
    return values.length > 0 && values.every(isNumber) ? finite(reduce(values)) : null
  }

/** Compares neighbours, as JSON Logic's between does: {"<": [1, x, 10]}. */
const ordered =
  (holds: (a: number | string, b: number | string) => boolean): Operation =>
  (args, scope, run) => {
    const values = args.map((arg) => run(arg, scope))
    const kind = typeof values[0]
    if (values.length < 2 || !values.every((value) => (isNumber(value) || isText(value)) && typeof value === kind)) return null
    return values.every((value, i) => i === 0 || holds(values[i - 1] as string, value as string))
  }

const extreme =
  (pick: (a: number | string, b: number | string) => boolean): Operation =>
  (args, scope, run) => {
    const values = args.flatMap((arg) => run(arg, scope))
    const kind = typeof values[0]
    if (values.length === 0 || !values.every((value) => (isNumber(value) || isText(value)) && typeof value === kind)) return null
    return values.reduce((best, value) => (pick(value as string, best as string) ? value : best))
  }

const equal: Operation = ([a = null, b = null], scope, run) => same(run(a, scope), run(b, scope))
const same = (a: Json, b: Json): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i] as Json)))

const rounding =
  (round: (value: number, places: number) => number): Operation =>
  ([value = null, places = 0], scope, run) => {
    const [v, p] = [run(value, scope), run(places, scope)]
    return isNumber(v) && isNumber(p) ? finite(round(v, p)) : null
  }

/** The scope inside one item of a list. */
const inside = (item: Json, outer: Scope): Scope => ({
  read: (name) =>
    name === '' ? item : typeof item === 'object' && item !== null && !Array.isArray(item) && Object.hasOwn(item, name) ? item[name] : undefined,
  outer,
})

const listOf = (expression: Expression | undefined, scope: Scope, run: Run): Json[] => {
  const list = expression === undefined ? null : run(expression, scope)
  return Array.isArray(list) ? list : []
}
const overItems =
  (use: (items: Json[], body: (item: Json) => Json, hasBody: boolean) => Json): Operation =>
  ([list, body], scope, run) =>
    use(listOf(list, scope, run), (item) => (body === undefined ? item : run(body, inside(item, scope))), body !== undefined)

/** "Mon 08:00-10:00" as [day, from, to], minutes of the day. */
const weekSlot = (value: Json) => {
  const parts = isText(value) ? /^(\w{3}) (\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(value) : null
  return parts && { day: parts[1], from: Number(parts[2]) * 60 + Number(parts[3]), to: Number(parts[4]) * 60 + Number(parts[5]) }
}

/** Reads `name` in the nearest scope that declares it; dots lead into objects and lists. */
function lookUp(name: string, scope: Scope): Json {
  const [first = '', ...rest] = name.split('.')
  let value: Json | undefined
  for (let at: Scope | undefined = scope; at && value === undefined; at = at.outer) value = at.read(first)
  for (const key of rest) value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, Json>)[key] : null
  return value ?? null
}

export const operations: Readonly<Record<string, Operation>> = {
  __proto__: null as never,
  var: ([name = '', fallback = null], scope, run) => {
    const key = run(name, scope)
    const value = isText(key) || isNumber(key) ? lookUp(String(key), scope) : null
    return value === null ? run(fallback, scope) : value
  },
  if: (args, scope, run) => {
    let i = 0
    for (; i + 1 < args.length; i += 2) if (run(args[i] as Expression, scope) === true) return run(args[i + 1] as Expression, scope)
    return i < args.length ? run(args[i] as Expression, scope) : null
  },
  and: (args, scope, run) => {
    let result: boolean | null = true
    for (const arg of args) {
      const value = run(arg, scope)
      if (value === false) return false
      if (value !== true) result = null
    }
    return result
  },
  or: (args, scope, run) => {
    let result: boolean | null = false
    for (const arg of args) {
      const value = run(arg, scope)
      if (value === true) return true
      if (value !== false) result = null
    }
    return result
  },
  '!': ([value = null], scope, run) => {
    const is = run(value, scope)
    return typeof is === 'boolean' ? !is : null
  },
  '==': equal,
  '===': equal,
  '!=': (args, scope, run, env) => !equal(args, scope, run, env),
  '!==': (args, scope, run, env) => !equal(args, scope, run, env),
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
  '+': numbers((values) => values.reduce((a, b) => a + b)),
  '*': numbers((values) => values.reduce((a, b) => a * b)),
  '-': numbers((values) => (values.length === 1 ? -(values[0] as number) : values.reduce((a, b) => a - b))),
  '/': numbers((values) => values.reduce((a, b) => a / b)),
  '%': numbers((values) => values.reduce((a, b) => a % b)),
  min: extreme((a, b) => a < b),
  max: extreme((a, b) => a > b),
  in: ([needle = null, place = null], scope, run) => {
    const [a, b] = [run(needle, scope), run(place, scope)]
    return Array.isArray(b) ? b.some((item) => same(item, a)) : isText(a) && isText(b) ? b.includes(a) : false
  },
  cat: (args, scope, run) => args.map((arg) => run(arg, scope) ?? '').join(''),
  substr: ([text = null, from = 0, length], scope, run) => {
    const value = run(text, scope)
    const start = run(from, scope)
    const count = length === undefined ? undefined : run(length, scope)
    if (!isText(value) || !isNumber(start)) return null
    const rest = value.slice(start)
    return count === undefined ? rest : isNumber(count) ? rest.slice(0, count) : null
  },
  filter: overItems((items, body) => items.filter((item) => body(item) === true)),
  map: overItems((items, body) => items.map(body)),
  all: overItems((items, body) => items.length > 0 && items.every((item) => body(item) === true)),
  some: overItems((items, body) => items.some((item) => body(item) === true)),
  none: overItems((items, body) => !items.some((item) => body(item) === true)),
  // Additions to JSON Logic
  count: overItems((items, body, hasBody) => (hasBody ? items.filter((item) => body(item) === true) : items).length),
  sum: overItems((items, body) => items.map(body).reduce<number>((total, value) => total + (isNumber(value) ? value : 0), 0)),
  has: ([value = null], scope, run) => {
    const is = run(value, scope)
    return is !== null && is !== '' && !(Array.isArray(is) && is.length === 0)
  },
  today: (_args, _scope, _run, env) => env.today,
  age: ([birth = null, at], scope, run, env) => yearsBetween(run(birth, scope), at === undefined ? env.today : run(at, scope)),
  days: ([from = null, to = null], scope, run) => {
    const [a, b] = [dayNumber(run(from, scope)), dayNumber(run(to, scope))]
    return a === null || b === null ? null : b - a
  },
  round: rounding(roundTo),
  floor: rounding(atPlaces(Math.floor)),
  ceil: rounding(atPlaces(Math.ceil)),
  money: ([minor = null], scope, run) => run(minor, scope),
  row: ([table = null, key = null, column = null], scope, run, env) => {
    let value: unknown = env.tables
    for (const part of [run(table, scope), run(key, scope), run(column, scope)]) {
      value =
        typeof value === 'object' && value !== null && part !== null && Object.hasOwn(value, String(part))
          ? (value as Record<string, unknown>)[String(part)]
          : null
    }
    return (value ?? null) as Json
  },
  overlap: overItems((items, body) => {
    const slots = items.map((item) => weekSlot(body(item)))
    return slots.some((a, i) => slots.some((b, j) => a && b && j > i && a.day === b.day && a.from < b.to && b.from < a.to))
  }),
}

/**
 * The value of an expression: null is "absent" or "unknown". Lazy in `if`, `and`, `or`. Unknown operations are absent.
 * @throws RangeError when the evaluation takes more steps than the environment allows.
 */
export function evaluate(expression: Expression, scope: Scope, env: Environment): Json {
  let steps = env.steps ?? 100_000
  const { together } = env
  const run: Run = (expr, at) => {
    if (--steps < 0 || (together && --together.left < 0)) throw new RangeError('expression takes too many steps')
    if (typeof expr !== 'object' || expr === null) return expr
    if (Array.isArray(expr)) return expr.map((item) => run(item, at))
    const name = Object.keys(expr)[0] as string
    const operation = operations[name]
    const args = expr[name] as Expression
    return operation ? operation(Array.isArray(args) ? args : [args], at, run, env) : null
  }
  return run(expression, scope)
}

/** Operations whose second argument is evaluated inside each item of the list in the first. */
export const listOperations: ReadonlySet<string> = new Set(['filter', 'map', 'all', 'some', 'none', 'count', 'sum', 'overlap'])

/**
 * The names an expression reads, each with the names of the lists it is inside of, outermost first; found without
 * evaluating. `{"sum": [{"var": "lines"}, {"var": "qty"}]}` reads `lines`, and `qty` inside `lines`.
 */
export function reads(expression: Expression | undefined, inside: readonly string[] = []): { name: string; inside: readonly string[] }[] {
  if (typeof expression !== 'object' || expression === null) return []
  if (Array.isArray(expression)) return expression.flatMap((item) => reads(item, inside))
  const name = Object.keys(expression)[0] as string
  const given = expression[name] as Expression
  const args = Array.isArray(given) ? given : [given]
  if (name === 'var' && typeof args[0] === 'string') return [{ name: args[0].split('.')[0] as string, inside }, ...reads(args.slice(1), inside)]
  if (!listOperations.has(name)) return reads(args, inside)
  const list = reads(args[0], inside)
  return [...list, ...reads(args.slice(1), list[0] ? [...inside, list[0].name] : inside)]
}
