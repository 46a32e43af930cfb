/**
 * Ways through a service: made-up answers under which every condition, rule, document, fee and route comes out both ways at
 * least once, and any two that depend on the same answers come out in every combination there is (pairwise testing; Cohen
 * et al., IEEE TSE 23, 1997). Found by trying: from the answers so far, those that an open outcome depends on are changed
 * to values at which something turns. What never comes out is told; it may be impossible, or hard to find.
 */
import type { Answers } from '@guichet/schemas'
import type { Program } from '../program.ts'
import { answerMaker } from './answer-maker.ts'
import { type Decision, decisionsOf, type Outcome } from './decisions.ts'
import { randomFrom } from './random.ts'

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

/** Tries at one outcome, and at a pair of them. */
const triesAlone = 600
const triesTogether = 12
/** Tries at a way on which no rule is broken: for the first, and for each that shows something new. */
const firstTries = 600
const mendingTries = 40
const mostPairs = 1500

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
  function* mend(trial: Trial, wanted: readonly string[], tries: number): Generator<number, Trial> {
    let best = trial
    for (let i = 0; i < tries && tried < trials; i++) {
      const open = broken(best).filter(({ pointer }) => !wanted.includes(`${pointer} no`))
      if (open.length === 0) break
      const next = look(maker.change(best.answers, random.of(open).factors, random))
      if (broken(next).length <= broken(best).length && wanted.every((each) => next.shows.has(each))) best = next
      yield tried / trials
    }
    return best
  }
  function* keep(found: Trial, news: readonly string[]): Generator<number, Trial> {
    const trial = yield* mend(found, news, mendingTries)
    seen.set(JSON.stringify(trial.answers), trial)
    for (const each of trial.shows) shown.add(each)
    return trial
  }
  function* attempt(answers: Answers): Generator<number, void> {
    const trial = look(answers)
    const news = [...trial.shows].filter((each) => !shown.has(each))
    if (news.length > 0) yield* keep(trial, news)
    yield tried / trials
  }
  const key = (decision: Decision, outcome: Outcome) => `${decision.pointer} ${outcome}`

  // As it comes, somebody may be refused by a rule at once: the others begin where nothing is broken, if that is found.
  const base = yield* keep(yield* mend(look({}), [], firstTries), [])
  for (const factor of new Set(decisions.flatMap(({ factors }) => factors)))
    for (let i = 0; i < maker.valuesOf(factor).length && tried < trials; i++) yield* attempt(maker.put(base.answers, factor, i, random))

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
      for (let i = 0; i < triesAlone && tried < trials && !shown.has(key(decision, outcome)); i++)
        yield* attempt(maker.change(near([]).answers, decision.factors, random))

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
  function* meet(trial: Trial): Generator<number, void> {
    const news = open.flatMap(([a, b], i) => (!met.has(i) && trial.shows.has(a) && trial.shows.has(b) ? [i] : []))
    if (news.length === 0) return
    const kept = yield* keep(trial, [...new Set(news.flatMap((i) => open[i]?.slice(0, 2) as string[]))])
    for (const [i, [a, b]] of open.entries()) if (kept.shows.has(a) && kept.shows.has(b)) met.add(i)
  }
  for (const trial of [...seen.values()]) yield* meet(trial)
  for (const [i, [a, b, factors]] of open.entries())
    for (let tries = 0; tries < triesTogether && tried < trials && !met.has(i); tries++) {
      yield* meet(look(maker.change(near([a, b]).answers, factors, random)))
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
