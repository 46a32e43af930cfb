/**
 * Whether conditions can all hold at once. It knows what is said of single answers (which value, within which limits, answered
 * or not) and what an answer takes to be asked for; of all else it knows nothing. So when it says `impossible` that is certain,
 * and when it does not, nothing is.
 */
import type { Expression, Json } from '@guichet/schemas'
import { type FieldNode, type Program, resolve } from '../program.ts'

/** A condition, and the repeated group it stands in (null: outside all of them). */
export interface Placed {
  expression: Expression | undefined
  group: FieldNode | null
}

interface Pending extends Placed {
  /** The contrary is to hold. */
  not?: boolean
}

type Literal = string | number | boolean | null

/** What must be true of one answer. */
interface Fact {
  /** It is one of these; undefined: nothing is known. */
  oneOf?: ReadonlySet<Literal>
  noneOf: Set<Literal>
  least?: Bound
  most?: Bound
  answered: boolean
  empty: boolean
}

interface Bound {
  value: number | string
  /** The value itself is out as well. */
  open: boolean
}

/** Ways through alternatives that are looked at. What is more tangled than this is not decided. */
const waysAtMost = 256
const isoDate = /^\d{4}-\d\d-\d\d$/

export function impossible(program: Program, conditions: readonly Placed[]): boolean {
  let ways = waysAtMost

  /** True: these cannot hold together. */
  const refuted = (start: readonly Pending[], before: ReadonlyMap<string, Fact>, asked: ReadonlySet<FieldNode>): boolean => {
    if (ways-- <= 0) return false
    const facts = new Map([...before].map(([name, fact]) => [name, { ...fact, noneOf: new Set(fact.noneOf) }]))
    const known = new Set(asked)
    const either: Pending[][] = []
    const queue = [...start]
    for (let next = queue.pop(); next; next = queue.pop()) {
      const took = take(program, next, facts, known, queue, either)
      if (took === 'never') return true
    }
    if ([...facts.values()].some(contradicts)) return true
    const [alternatives, ...rest] = either
    if (!alternatives) return false
    // Those that are not looked at now are looked at within each of these.
    const later: Pending[] = rest.map((list) => asOne(list))
    return alternatives.every((one) => refuted([one, ...later], facts, known))
  }
  return refuted(conditions, new Map(), new Set())
}

const groupOf = new WeakMap<object, readonly Pending[]>()
/** Alternatives carried on as one condition: `take` finds them again. */
function asOne(list: readonly Pending[]): Pending {
  const expression = { or: [] } as unknown as Expression
  groupOf.set(expression as object, list)
  return { expression, group: null }
}

function take(
  program: Program,
  { expression, group, not = false }: Pending,
  facts: Map<string, Fact>,
  asked: Set<FieldNode>,
  queue: Pending[],
  either: Pending[][],
): 'never' | undefined {
  if (expression === undefined || Array.isArray(expression)) return
  if (typeof expression !== 'object' || expression === null) return expression === not ? 'never' : undefined
  const carried = groupOf.get(expression)
  if (carried) {
    either.push([...carried])
    return
  }
  const [[operation, given] = ['', null]] = Object.entries(expression) as [string, Json][]
  const parts = (Array.isArray(given) ? given : [given]) as Expression[]
  const factOf = (name: string): Fact | null => {
    const key = keyOf(program, name, group)
    if (key === null) return null
    const fact = facts.get(key.key) ?? { noneOf: new Set<Literal>(), answered: false, empty: false }
    facts.set(key.key, fact)
    return fact
  }
  /** Only what is asked can be answered: what it takes to be asked must hold as well. */
  const answered = (name: string) => {
    const fact = factOf(name)
    if (fact) fact.answered = true
    for (let node = nodeOf(program, name, group); node && !asked.has(node); node = node.group) {
      asked.add(node)
      queue.push(...node.conditions.map((condition) => ({ expression: condition, group: node?.group ?? null })), { expression: node.page.when, group: null })
    }
    return fact
  }

  switch (operation) {
    case 'and':
    case 'or': {
      const inner = parts.map((part): Pending => ({ expression: part, group, not }))
      if ((operation === 'and') !== not) queue.push(...inner)
      else either.push(inner)
      return
    }
    case '!':
      queue.push({ expression: parts[0], group, not: !not })
      return
    case 'var': {
      const name = nameIn(expression)
      if (name !== null) limit(answered(name), new Set([!not]))
      return
    }
    case 'has': {
      const name = nameIn(parts[0])
      if (name === null) return
      if (!not) answered(name)
      else {
        const fact = factOf(name)
        if (fact) fact.empty = true
      }
      return
    }
    case '==':
    case '===':
    case '!=':
    case '!==': {
      const [name, literal] = nameAndLiteral(parts)
      if (name === null || literal === undefined) return
      if (operation.startsWith('=') !== not) {
        const fact = literal === null ? factOf(name) : answered(name)
        limit(fact, new Set([literal]))
      } else factOf(name)?.noneOf.add(literal)
      return
    }
    case 'in': {
      const [name, list] = [nameIn(parts[0]), parts[1]]
      if (name === null || !Array.isArray(list)) return
      const values = (list as Expression[]).map(literalOf)
      if (values.some((value) => value === undefined || value === null)) return
      if (not) for (const value of values) factOf(name)?.noneOf.add(value as Literal)
      else limit(answered(name), new Set(values as Literal[]))
      return
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (not && parts.length > 2) return
      for (const [i, left] of parts.slice(0, -1).entries()) {
        const sign = not ? ({ '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const)[operation] : operation
        const right = parts[i + 1]
        const [names, literals] = [
          [nameIn(left), nameIn(right)],
          [literalOf(left), literalOf(right)],
        ]
        for (const name of names) if (name !== null) answered(name)
        if (names[0] != null && isBound(literals[1])) bound(factOf(names[0]), sign, literals[1])
        else if (names[1] != null && isBound(literals[0])) bound(factOf(names[1]), turned[sign], literals[0])
        else if (isBound(literals[0]) && isBound(literals[1]) && typeof literals[0] === typeof literals[1] && !holdsBetween(literals[0], sign, literals[1]))
          return 'never'
      }
      return
    }
  }
}

const turned = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const
const holdsBetween = (a: number | string, sign: keyof typeof turned, b: number | string) =>
  sign === '<' ? a < b : sign === '<=' ? a <= b : sign === '>' ? a > b : a >= b

const isBound = (value: Literal | undefined): value is number | string => typeof value === 'number' || (typeof value === 'string' && isoDate.test(value))

function limit(fact: Fact | null, values: ReadonlySet<Literal>) {
  if (fact) fact.oneOf = fact.oneOf ? new Set([...fact.oneOf].filter((value) => values.has(value))) : values
}

function bound(fact: Fact | null, sign: keyof typeof turned, value: number | string) {
  if (!fact) return
  const open = sign === '<' || sign === '>'
  const side = sign === '<' || sign === '<=' ? 'most' : 'least'
  const held = fact[side]
  const isTighter =
    held === undefined ||
    typeof held.value !== typeof value ||
    (side === 'most' ? value < held.value : value > held.value) ||
    (value === held.value && open && !held.open)
  if (isTighter) fact[side] = { value, open }
}

function contradicts({ oneOf, noneOf, least, most, answered, empty }: Fact): boolean {
  if (answered && empty) return true
  const outside = (value: Literal) =>
    noneOf.has(value) ||
    ((answered || least || most) && value === null) ||
    (empty && value !== null && value !== '') ||
    (least && typeof value === typeof least.value && !holdsBetween(value as number, least.open ? '>' : '>=', least.value)) ||
    (most && typeof value === typeof most.value && !holdsBetween(value as number, most.open ? '<' : '<=', most.value))
  if (oneOf && [...oneOf].every(outside)) return true
  if (!least || !most || typeof least.value !== typeof most.value) return false
  return least.value > most.value || (least.value === most.value && (least.open || most.open))
}

const literalOf = (expression: Expression | undefined): Literal | undefined => {
  if (expression === null || typeof expression === 'string' || typeof expression === 'number' || typeof expression === 'boolean') return expression
  if (typeof expression !== 'object' || Array.isArray(expression)) return undefined
  const money = (expression as Record<string, Json>).money
  const amount = Array.isArray(money) && money.length === 1 ? money[0] : money
  return typeof amount === 'number' ? amount : undefined
}

/** The name that is read, where it is read without a value in its place. */
export const nameIn = (expression: Expression | undefined): string | null => {
  if (typeof expression !== 'object' || expression === null || Array.isArray(expression)) return null
  const given = (expression as Record<string, Json>).var
  const name = Array.isArray(given) && given.length === 1 ? given[0] : given
  return typeof name === 'string' && name !== '' ? name : null
}

function nameAndLiteral([left, right]: readonly Expression[]): [string | null, Literal | undefined] {
  const name = nameIn(left)
  return name === null ? [nameIn(right), literalOf(left)] : [name, literalOf(right)]
}

const headOf = (name: string) => name.split('.')[0] as string

function nodeOf(program: Program, name: string, group: FieldNode | null): FieldNode | null {
  const found = resolve(program, headOf(name), group)
  return typeof found === 'object' ? found : null
}

/** One key for one answer, however it is named from where one stands. */
function keyOf(program: Program, name: string, group: FieldNode | null): { key: string } | null {
  const head = headOf(name)
  const found = resolve(program, head, group)
  if (found === null) return null
  return { key: `${typeof found === 'string' ? found : found.path}${name.slice(head.length)}` }
}

/** Everything that must hold for a field to be asked, its page and the groups around it included. */
export function askedIf(node: FieldNode): Placed[] {
  const found: Placed[] = [{ expression: node.page.when, group: null }]
  for (let at: FieldNode | null = node; at; at = at.group) for (const expression of at.conditions) found.push({ expression, group: at.group })
  return found
}
