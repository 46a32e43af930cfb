/**
 * Ways through a service: made-up answers under which every condition, rule, document, fee and route comes out both ways at
 * least once, and any two that depend on the same answers come out in every combination there is (pairwise testing; Cohen
 * et al., IEEE TSE 23, 1997). Found by trying: from the answers so far, those that an open outcome depends on are changed
 * to values at which something turns. What never comes out is told; it may be impossible, or hard to find.
 */
import type { Answers, Json } from '@guichet/schemas'
import type { FieldNode, Program } from '../program.ts'
import { createSession, places, type Session } from '../session.ts'
import { ownProblem } from '../validate.ts'
import { type Decision, decisionsOf, type Outcome } from './decisions.ts'
import { besideOf, interestingOf } from './interesting.ts'
import { type Random, randomFrom } from './random.ts'
import { sampleOf } from './sample.ts'
import { settle } from './settle-answer.ts'

export interface Path {
  answers: Answers
  /** By place of the decision (`Decision.pointer`): what came out, which may be both for a field in rows. */
  outcomes: ReadonlyMap<string, readonly Outcome[]>
}

export interface Paths {
  paths: readonly Path[]
  decisions: readonly Decision[]
  /** Outcomes that no path showed. */
  missing: readonly { decision: Decision; outcome: Outcome }[]
  /** Required fields that no answer was found for. */
  unanswered: readonly string[]
}

export interface PathOptions {
  /** ISO date. */
  today: string
  /** Sessions tried at most. */
  trials?: number
  /** Paths kept at most. */
  most?: number
}

type Trial = Path & { shows: ReadonlySet<string> }

/** Rounds in which required answers are put in: each may reveal further fields. */
const rounds = 12
/** Tries at one outcome, and at a pair of them. */
const triesAlone = 600
const triesTogether = 12
/** Tries at a way on which no rule is broken: for the first, and for each that shows something new. */
const firstTries = 600
const mendingTries = 40
const mostPairs = 1500
const mostRows = 4

/** Goes on while it is asked: each step gives how much has been tried, from 0 to 1, so that a page can be drawn in between. */
export function* searchPaths(program: Program, { today, trials = 4000, most = 60 }: PathOptions): Generator<number, Paths> {
  const decisions = decisionsOf(program)
  const maker = answerMaker(program, today)
  const random = randomFrom(1)
  const seen = new Map<string, Trial>()
  const shown = new Set<string>()
  let tried = 0

  const look = (answers: Answers): Trial => {
    tried++
    const session = maker.complete(answers)
    const outcomes = new Map(decisions.map((decision) => [decision.pointer, [...new Set(decision.outcomes(session))]] as const))
    const shows = new Set<string>()
    for (const [pointer, found] of outcomes) for (const outcome of found) shows.add(`${pointer} ${outcome}`)
    return { answers: session.stored(), outcomes, shows }
  }
  const broken = (trial: Trial) => decisions.filter(({ kind, pointer }) => (kind === 'rule' || kind === 'check') && trial.outcomes.get(pointer)?.includes('no'))
  /** The same without the rules that it breaks, as far as that is found and nothing of what is wanted goes with it. */
  const mend = (trial: Trial, wanted: readonly string[], tries: number): Trial => {
    let best = trial
    for (let i = 0; i < tries && tried < trials; i++) {
      const open = broken(best).filter(({ pointer }) => !wanted.includes(`${pointer} no`))
      if (open.length === 0) break
      const next = look(maker.change(best.answers, random.of(open).factors, random))
      if (broken(next).length <= broken(best).length && wanted.every((each) => next.shows.has(each))) best = next
    }
    return best
  }
  const keep = (found: Trial, news: readonly string[]): Trial => {
    const trial = mend(found, news, mendingTries)
    seen.set(JSON.stringify(trial.answers), trial)
    for (const each of trial.shows) shown.add(each)
    return trial
  }
  const attempt = (answers: Answers): Trial => {
    const trial = look(answers)
    const news = [...trial.shows].filter((each) => !shown.has(each))
    return news.length > 0 ? keep(trial, news) : trial
  }
  const key = (decision: Decision, outcome: Outcome) => `${decision.pointer} ${outcome}`

  // As it comes, somebody may be refused by a rule at once: the others begin where nothing is broken, if that is found.
  const base = keep(mend(look({}), [], firstTries), [])
  for (const factor of new Set(decisions.flatMap(({ factors }) => factors)))
    for (let i = 0; i < maker.valuesOf(factor).length && tried < trials; i++) {
      attempt(maker.put(base.answers, factor, i, random))
      yield tried / trials
    }

  /** Where to change from: what shows most of what is wanted, or now and then any, which leads out of dead ends. */
  const near = (wanted: readonly string[]) => {
    const known = [...seen.values()]
    if (wanted.length === 0 || random() < 0.3) return random.of(known)
    let best = base
    let count = -1
    for (const trial of known.slice(-40)) {
      const met = wanted.filter((each) => trial.shows.has(each)).length
      if (met >= count) [best, count] = [trial, met]
    }
    return best
  }
  for (const decision of decisions)
    for (const outcome of ['yes', 'no'] as const)
      for (let i = 0; i < triesAlone && tried < trials && !shown.has(key(decision, outcome)); i++) {
        attempt(maker.change(near([]).answers, decision.factors, random))
        yield tried / trials
      }

  const pairs: [string, string, readonly string[]][] = []
  for (const [i, one] of decisions.entries())
    for (const other of decisions.slice(i + 1)) {
      if (!one.factors.some((factor) => other.factors.includes(factor))) continue
      const factors = [...new Set([...one.factors, ...other.factors])]
      for (const a of ['yes', 'no'] as const)
        for (const b of ['yes', 'no'] as const) if (shown.has(key(one, a)) && shown.has(key(other, b))) pairs.push([key(one, a), key(other, b), factors])
    }
  const open = pairs.slice(0, mostPairs)
  const met = new Set<number>()
  const meet = (trial: Trial) => {
    const news = open.flatMap(([a, b], i) => (!met.has(i) && trial.shows.has(a) && trial.shows.has(b) ? [i] : []))
    if (news.length === 0) return
    const kept = keep(trial, [...new Set(news.flatMap((i) => open[i]?.slice(0, 2) as string[]))])
    for (const [i, [a, b]] of open.entries()) if (kept.shows.has(a) && kept.shows.has(b)) met.add(i)
  }
  for (const trial of [...seen.values()]) meet(trial)
  for (const [i, [a, b, factors]] of open.entries())
    for (let tries = 0; tries < triesTogether && tried < trials && !met.has(i); tries++) {
      meet(look(maker.change(near([a, b]).answers, factors, random)))
      yield tried / trials
    }

  const goals = (trial: Trial) => [...trial.shows, ...open.flatMap(([a, b], i) => (trial.shows.has(a) && trial.shows.has(b) ? [`${i}`] : []))]
  return {
    paths: fewest([base, ...seen.values()], goals, most),
    decisions,
    missing: decisions.flatMap((decision) => (['yes', 'no'] as const).flatMap((outcome) => (shown.has(key(decision, outcome)) ? [] : [{ decision, outcome }]))),
    unanswered: [...maker.unanswered],
  }
}

/** All at once. */
export function findPaths(program: Program, options: PathOptions): Paths {
  const search = searchPaths(program, options)
  for (;;) {
    const { done, value } = search.next()
    if (done) return value
  }
}

/** The first, then each time the one that shows most of what no other has shown yet. */
function fewest(trials: readonly Trial[], goalsOf: (trial: Trial) => string[], most: number): Path[] {
  const left = trials.map((trial) => ({ trial, goals: new Set(goalsOf(trial)) }))
  const kept: Path[] = []
  while (kept.length < most) {
    const best = kept.length === 0 ? left[0] : left.reduce((a, b) => (b.goals.size > a.goals.size ? b : a))
    if (!best || (kept.length > 0 && best.goals.size === 0)) break
    const { answers, outcomes } = best.trial
    kept.push({ answers, outcomes })
    const shown = [...best.goals]
    for (const { goals } of left) for (const goal of shown) goals.delete(goal)
  }
  return kept
}

/** Makes answers, and changes them. */
function answerMaker(program: Program, today: string) {
  const beside = besideOf(program)
  const context = createSession(program, { today }).context
  const samples = new Map<string, Json | undefined>()
  const values = new Map<string, readonly Json[]>()
  const unanswered = new Set<string>()

  const sample = (node: FieldNode): Json | undefined => {
    if (!samples.has(node.path)) samples.set(node.path, sampleOf(node, context))
    return samples.get(node.path)
  }
  const limits = ({ field }: FieldNode) => (field as { repeat?: { min?: number; max?: number } }).repeat ?? {}
  /** For a repeated group: numbers of rows. */
  const valuesOf = (path: string): readonly Json[] => {
    let known = values.get(path)
    const node = program.nodes.get(path)
    if (known || !node) return known ?? []
    if (node.rows) {
      const { min = 0, max = mostRows } = limits(node)
      const counts = [
        min,
        1,
        2,
        ...[...(beside.get(path) ?? [])].flatMap((count) => (typeof count === 'number' ? [count - 1, count, count + 1] : [])),
        Math.min(max, mostRows),
      ]
      known = [...new Set(counts)].filter((count) => Number.isInteger(count) && count >= min && count <= Math.min(max, 12)).sort((a, b) => a - b)
    } else known = interestingOf(node, beside, context)
    values.set(path, known)
    return known
  }

  /** Puts in what is required and not there, until nothing more is asked. */
  const complete = (given: Answers): Session => {
    const session = createSession(program, { today, answers: given })
    for (let round = 0; round < rounds; round++) {
      let changed = false
      for (const nodes of program.pages.values())
        for (const { node, at } of places(session, nodes)) {
          const instance = at + node.field.id
          if (node.rows) {
            const rows = session.input(instance)
            const { min = 0 } = limits(node)
            for (let count = Array.isArray(rows) ? rows.length : 0; count < min; count++) {
              session.addRow(instance)
              changed = true
            }
            continue
          }
          if (node.children.length > 0 || node.type.answers === false || node.field.type === 'computed') continue
          if (session.value(node, at) === null) {
            if (node.field.optional) continue
            const made = sample(node) ?? valuesOf(node.path).find((value) => value !== null)
            if (made === undefined) unanswered.add(node.path)
            else {
              session.set(instance, made)
              changed = true
            }
            continue
          }
          if (!ownProblem(session, node, at)) continue
          // Two rows with one answer, or a number that says another birth than the one beside it.
          if (!settle(session, node, at, context)) continue
          changed = true
        }
      if (!changed) break
    }
    return session
  }

  /** Gives a field its nth value; in rows in one of them or, as often, in all, and in a row that is added if there is none. */
  const put = (answers: Answers, path: string, index: number, random: Random): Answers => {
    const list = valuesOf(path)
    const value = list[index % Math.max(1, list.length)]
    if (value === undefined) return answers
    const session = createSession(program, { today, answers })
    const ids = path.split('.')
    const everywhere = random() < 0.5
    const enter = (at: string, depth: number): void => {
      const instance = at + ids[depth]
      if (!program.nodes.get(ids.slice(0, depth + 1).join('.'))?.rows) {
        session.set(instance, value)
        return
      }
      const count = () => {
        const rows = session.input(instance)
        return Array.isArray(rows) ? rows.length : 0
      }
      if (depth === ids.length - 1) {
        while (count() < (value as number)) session.addRow(instance)
        while (count() > (value as number)) session.removeRow(instance, count() - 1)
        return
      }
      if (count() === 0) session.addRow(instance)
      if (!everywhere) enter(`${instance}/${random.whole(0, count() - 1)}/`, depth + 1)
      else for (let i = 0; i < count(); i++) enter(`${instance}/${i}/`, depth + 1)
    }
    enter('', 0)
    return session.inputs as Answers
  }

  /** Gives one to four of the fields another value. */
  const change = (answers: Answers, factors: readonly string[], random: Random): Answers => {
    let next = answers
    if (factors.length === 0) return next
    for (let count = random.whole(1, Math.min(4, factors.length)); count > 0; count--) {
      const factor = random.of(factors)
      next = put(next, factor, random.whole(0, Math.max(0, valuesOf(factor).length - 1)), random)
    }
    return next
  }

  return { complete, put, change, valuesOf, unanswered }
}
