/**
 * `npm run cases`: every case of the example services on the real road. The definitions are published over HTTP, files
 * are uploaded for every document that is asked for, what a person typed is sent in, and what comes back must be
 * exactly what the case says: documents with copies, computed values, fee and route, or the errors.
 */
import type { FieldTypes } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import { casesOf, readAcceptanceList } from '../examples/acceptance-list.ts'
import { type Case, differences, type Example, readExamples } from '../examples/case.ts'
import { openRoad, type Road } from '../examples/server-road.ts'

const examples = readExamples()
let passed = 0
let failed = 0

async function say(example: Example, name: string, run: () => Promise<string[]>) {
  const found = await run().catch((error: unknown) => [error instanceof Error ? error.message : String(error)])
  if (found.length === 0) passed++
  else failed++
  console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'}  ${example.id.padEnd(13)}  ${name}${found.map((line) => `\n        ${line}`).join('')}`)
}

async function runCase(road: Road, example: Example, { today = example.today, answers, expect }: Case) {
  const { outcome } = await road.send(example.id, today, answers ?? {}, example.definition.languages[0] as string)
  return differences(expect ?? {}, outcome)
}

/** One answer of a good case is replaced; the server must take it for what it is, or refuse it in the service's language. */
async function runTry(road: Road, example: Example, { field, typed, stored }: NonNullable<Case['tries']>[number]) {
  const good = example.cases.find((item) => item.expect && !item.expect.errors)
  const language = example.definition.languages[0] as string
  const { outcome, problems } = await road.send(example.id, example.today, { ...good?.answers, [field]: typed }, language)
  const problem = problems.find(({ pointer }) => pointer === `/${field}`)
  if (stored !== null) return !problem || problem.code === 'rule' ? [] : [`refused as ${problem.code}: ${problem.detail}`]
  const own = language === 'fa' ? /\p{Script=Arabic}/u : /\p{L}/u
  if (!problem) return [`taken, although it is no answer; errors: ${outcome.errors.join(', ') || 'none'}`]
  return problem.code !== 'rule' && own.test(problem.detail) ? [] : [`refused as ${problem.code}, in these words: ${problem.detail}`]
}

const list = readAcceptanceList()
if (!list) console.log('SKIPPED: the cases were not compared with the acceptance list, because it does not lie beside this repository')

const road = await openRoad(fieldTypes as unknown as FieldTypes)
try {
  for (const example of examples) {
    await say(example, 'is published', async () => {
      await road.publish(example.definition, example.policy)
      return []
    })
    for (const item of example.cases) {
      if (item.expect) await say(example, item.name, () => runCase(road, example, item))
      else console.log(`note  ${example.id.padEnd(13)}  ${item.name}: stated, not a function of the answers`)
      for (const attempt of item.tries ?? []) await say(example, `${item.name}: ${attempt.typed} in ${attempt.field}`, () => runTry(road, example, attempt))
    }
    const listed = list?.services.find(({ id }) => id === example.id)
    if (listed)
      await say(example, 'has the cases of the acceptance list', async () => {
        const ours = example.cases.map(({ tries: _, ...item }) => item)
        return JSON.stringify(ours) === JSON.stringify(casesOf(listed.cases, example.definition)) ? [] : ['differs; examples.test.ts shows where']
      })
  }
} finally {
  await road.close()
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
