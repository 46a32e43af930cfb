/**
 * `npm run weights`: what a citizen's browser loads before the first page of questions stands there, counted from the
 * requests that Chromium makes, each body compressed with brotli 11: of the bench's form of fifty fields, and of a
 * ten-field service with colours, documents, a fee and two field types that are loaded when they are met; and what each field
 * type that is loaded when it is met adds to that. Over budget is a failure.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { definitionOf } from '../bench/runtime/definitions/guichet.ts'
import { makeForm } from '../bench/runtime/form-spec.ts'
import { fieldTypes } from '../packages/fields/src/field-types.ts'
import { usualTypes } from '../packages/fields/src/usual.ts'
import { parkingPermit } from '../tests/parking-permit.ts'
import { serviceHost } from '../tests/service-host.ts'
import { chromiumFlags, findChromium } from './chromium.ts'

const budget = { expressions: 3 * 1024, rareType: 6 * 1024 }

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'packages/runtime/dist')
const brotli = (body: string | Buffer) =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }).length
const line = (bytes: number, what: string) => console.log(`${String(bytes).padStart(8)}  ${what}`)

/** The expression language alone, bundled and minified as the runtime has it. */
async function expressions(): Promise<number> {
  const result = await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: join(root, 'packages/core/src/expression.ts'), formats: ['es'] },
      rolldownOptions: { output: { minify: true } },
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []))
  return outputs.reduce((sum, chunk) => sum + (chunk.type === 'chunk' ? brotli(chunk.code) : 0), 0)
}

/** Services, what a question on their first page is called, and bytes that all of that may be. */
const services = [
  { title: 'fifty-field service', definition: definitionOf(makeForm(50)), question: 'Full name 1', most: 20_000 },
  { title: 'ten-field service', definition: parkingPermit, question: 'Full name', most: 23_000 },
] as const

/** Address to body of all that the server was asked for until the first page of questions stands there. */
async function firstPage({ definition, question }: (typeof services)[number]): Promise<Map<string, Buffer>> {
  const executablePath = findChromium(false)
  if (!executablePath) throw new Error('no Chromium: install one, or set CHROMIUM to a binary')
  const host = await serviceHost([definition], '2026-01-05')
  const browser = await chromium.launch({ executablePath, args: chromiumFlags })
  try {
    const page = await browser.newPage()
    const bodies: Promise<[string, Buffer]>[] = []
    page.on('response', (response) => {
      const { origin, pathname } = new URL(response.url())
      if (origin === host.origin) bodies.push(response.body().then((body) => [pathname, body]))
    })
    await page.goto(`${host.agency}/?service=${definition.id}`)
    await page.getByRole('button', { name: 'Start now' }).click()
    await page.getByRole('textbox', { name: question, exact: true }).waitFor()
    // Whatever was started by then counts, even if the page did not wait for it.
    await page.waitForLoadState('networkidle')
    return new Map(await Promise.all(bodies))
  } finally {
    await browser.close()
    await host.close()
  }
}

/**
 * What each field type that is loaded when it is met adds to a page that has none of them: its file, and those that it imports at
 * once. The list of them, which many services' types come with, is there after the first of them and a line of its own. What a
 * type loads by itself later (the pad of a signature, the map of a location) is a line of "Loaded when needed".
 */
function rareTypes(loaded: ReadonlySet<string>): { list: number; types: [string, number][] } {
  const assets = join(dist, 'assets')
  const codeOf = (file: string) => readFileSync(join(assets, file), 'utf8')
  const entriesIn = (code: string) =>
    new Map(
      [...code.matchAll(/["']?([a-z][a-z-]*)["']?:\(\)=>(?:import|\$get)\([`"']\.\/([\w-]+\.js)[`"']\)/g)].map(([, name = '', file = '']) => [name, file]),
    )
  const rare = Object.keys(fieldTypes).filter((name) => !usualTypes.has(name))
  const list = readdirSync(assets).find((file) => entriesIn(codeOf(file)).has('search-select'))
  if (!list) throw new Error('no built file lists the field types that are loaded when they are met')
  const files = entriesIn(codeOf(list))
  const known = new Set([...loaded, `/assets/${list}`])
  const own = rare.map((name): [string, number] => {
    // Those that many services have are in the list itself.
    const file = files.get(name) ?? list
    const needed = new Set([file])
    for (const one of needed) for (const [, imported = ''] of codeOf(one).matchAll(/(?:from|import) ?[`"']\.\/([\w-]+\.js)[`"']/g)) needed.add(imported)
    return [name, [...needed].reduce((sum, one) => sum + (known.has(`/assets/${one}`) ? 0 : brotli(codeOf(one))), 0)]
  })
  return { list: brotli(codeOf(list)), types: own.filter(([, bytes]) => bytes > 0) }
}

if (!existsSync(join(dist, 'embed.js'))) throw new Error('packages/runtime/dist is missing: run "npm run build" first')

const over: string[] = []
const everLoaded = new Set<string>()
const plain = new Set<string>()
for (const service of services) {
  console.log(`First page of a ${service.title} (brotli 11, bytes)`)
  let total = 0
  for (const [path, body] of await firstPage(service)) {
    const bytes = brotli(body)
    everLoaded.add(path)
    // The form of the bench has usual types only.
    if (service === services[0]) plain.add(path)
    total += bytes
    line(bytes, path)
  }
  line(total, `in all; budget ${service.most}\n`)
  if (total > service.most) over.push(`the first page of the ${service.title}`)
}

console.log('Loaded when needed')
const chunks = readdirSync(join(dist, 'assets')).filter((file) => !everLoaded.has(`/assets/${file}`))
const weighed = chunks.map((file) => ({ file, bytes: brotli(readFileSync(join(dist, 'assets', file))) }))
for (const { file, bytes } of weighed.sort((a, b) => b.bytes - a.bytes)) line(bytes, file)

console.log(`\nEach field type that is loaded when it is met adds, budget ${budget.rareType} with the list; that of maps without it`)
const { list, types } = rareTypes(plain)
line(list, 'the list of them, once')
for (const [name, bytes] of types.toSorted(([, a], [, b]) => b - a)) {
  line(bytes, name)
  if (bytes + (name === 'location' ? 0 : list) > budget.rareType) over.push(`the field type ${name}`)
}

console.log('\nExpression language alone')
const language = await expressions()
line(language, `budget ${budget.expressions}`)

if (language > budget.expressions) over.push('the expression language')
if (over.length > 0) console.error(`\nOver budget: ${over.join(', ')}`)
process.exitCode = over.length > 0 ? 1 : 0
