/** T16: patterns that authors may write and that other engines need for ever for. */
import { Worker } from 'node:worker_threads'
import type { FieldTypes } from '@guichet/core'
import { compile, submissionSchema } from '@guichet/core'
import { lint } from '@guichet/core/lint'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import { wholePattern } from '@guichet/fields/text/pattern'
import { compilePattern } from '@guichet/fields/text/pattern-engine.re2'
import fc from 'fast-check'
import { answersCheck } from '../../src/definitions/answers-check.ts'
import { definitionOf } from '../../src/testing/world.ts'
import { cpuOf } from '../cpu.ts'
import type { Line } from '../line.ts'

const hostileLength = 100_000
const most = 50

/** Shapes that are known to explode, and those that look back or around, which nothing linear can do. */
const known = [
  '(a+)+',
  '([a-zA-Z]+)*',
  '(a|aa)+',
  '(a|a?)+',
  '(.*a){20}',
  '(a*)*b',
  '(a?){60}a{60}',
  'a*a*a*a*a*a*a*b',
  '(\\d+\\.?)+x',
  '\\s+$',
  '(x+x+)+y',
  '([\\w.]+)*@',
  '(?:(?:a|b|ab)*c)*d',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(\\w*\\s*)*!',
  '(?:.|\\n)*?z',
  '((((a*)*)*)*)*b',
  '(?:[^"]|"")*"x',
]
const refused = [
  '(?=a+)b',
  '(?!a+)b',
  '(?<=a+)b',
  '(?<!a+)b',
  '(a+)\\1',
  '(?<n>a+)\\k<n>',
  '(?:(a)|b)\\1+',
  '(?=(a+)+)b',
  'a{1001}',
  '((a{0,100}){0,100}){0,100}',
]

const evil = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', '[ab]', '\\w', '.', '(a|b)', '(a|ab)', '(a+)', '(\\w+\\s?)', '(?:a?b?)', '\\p{L}'),
      fc.constantFrom('', '*', '+', '{1,30}', '{2,}', '*?', '{1,1000}'),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .chain((parts) => fc.constantFrom('*', '+', '{1,20}', '').map((outer) => `(?:${parts.map(([atom, repeat]) => atom + repeat).join('')})${outer}!`))

const withPattern = (pattern: string) =>
  definitionOf(({ pages }) => {
    pages[0]?.fields.push({ id: 'hostile', type: 'text', label: { en: 'x', el: 'x' }, pattern, maxLength: 10_000, when: { var: 'student' } } as never)
  })

/** Whether JavaScript's own engine comes to an end with it in a second. */
function endsInTime(pattern: string, text: string): Promise<boolean> {
  const worker = new Worker(`require('worker_threads').parentPort.postMessage(new RegExp(${JSON.stringify(pattern)}, 'u').test(${JSON.stringify(text)}))`, {
    eval: true,
  })
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), 1000)
    worker.once('message', () => resolve(true))
    worker.once('message', () => clearTimeout(timer))
  }).finally(() => worker.terminate()) as Promise<boolean>
}

export const patterns: Line = {
  attack: 'T16',
  name: 'patterns',
  what: 'patterns with nested repeats, choices that overlap, look-around and back-references, on 100,000 characters',
  reach: 'each is refused when it is published, with its place, or takes at most 50 ms of processor',
  async run({ seed, count }) {
    const types = fieldTypes as unknown as FieldTypes
    const sources = [...known, ...refused, ...fc.sample(evil, { seed, numRuns: count({ quick: 60, usual: 300, full: 500 }) })]
    const mixed = Array.from({ length: hostileLength }, (_, i) => 'ab x'[(i * i * 7 + i * 3 + (i >> 3)) % 4]).join('')
    const texts = [
      'a'.repeat(hostileLength),
      ...['a'.repeat(hostileLength), 'ab'.repeat(hostileLength / 2), 'a '.repeat(hostileLength / 2), mixed].map((text) => `${text}!`),
    ]
    let slowest = 0
    let slowestPattern = ''
    let matched = 0
    let wrong = ''
    let refusals = 0
    for (const source of sources) {
      const findings = lint(withPattern(source), types, fieldSettings).filter(({ severity }) => severity === 'error')
      const atPlace = findings.some(({ code, pointer }) => code.startsWith('pattern.') && pointer === '/pages/0/fields/5/pattern')
      if (findings.length > 0) refusals++
      if (findings.length > 0 && !atPlace && !findings.some(({ pointer }) => pointer.endsWith('/pattern'))) wrong ||= ` (${source}: no place)`
      if (refused.includes(source) && findings.length === 0) wrong ||= ` (${source}: taken)`
      let matcher: { test(text: string): boolean }
      try {
        matcher = compilePattern(wholePattern(source))
      } catch {
        if (findings.length === 0) wrong ||= ` (${source}: published, and not run)`
        continue
      }
      for (const text of texts) {
        const took = cpuOf(() => matcher.test(text))
        matched++
        if (took > slowest) [slowest, slowestPattern] = [took, source]
      }
    }
    // The same engine behind the second wall: the schema that stored answers are checked with.
    const program = compile(withPattern('(a|a)*b'), types)
    const fits = answersCheck(submissionSchema(program))
    const answers = { name: 'Sam', student: true, cards: [], hostile: 'a'.repeat(9000) }
    const fault = await fits(answers)
    // Once more: now it is compiled.
    let walls = 0
    const from = process.threadCpuUsage()
    await fits(answers)
    walls = process.threadCpuUsage(from).user / 1000
    const control = !(await endsInTime('^(a+)+$', `${'a'.repeat(32)}!`))
    return {
      trials: sources.length,
      figure: `${refusals} refused, ${matched} matches, slowest ${slowest.toFixed(1)} ms (${slowestPattern}), in the schema ${walls.toFixed(1)} ms${wrong}`,
      good: wrong === '' && fault?.keyword === 'pattern',
      slow: slowest > most || walls > most,
      control: { what: 'JavaScript’s own engine is not through with (a+)+ on 33 characters after a second', noticed: control },
    }
  },
}
