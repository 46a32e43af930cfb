/**
 * The release of this build for pages that pin it: dist/pinned/<release>/ has everything once more, under an address that
 * never has other bytes, and changed so that every file fetches what it loads in turn with its digest (src/pin.ts). The files
 * that pages load without a digest stay as they are, so pinning costs those nothing.
 *
 * release.json names the digest of every file, for whoever writes `integrity`.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { minify, type Plugin, parseAst, transformWithOxc } from 'vite'
import { type Edit, type Node, walk, withEdits } from './edit-code.ts'
import { fetching } from './fetched-first.ts'

/** Under this name, and that of the release, files find what stands in for their `import()`. */
const shared = (release: string) => `globalThis[${JSON.stringify(`guichet ${release}`)}]`

/** What a file loads: at once, and when it is asked to. */
interface Loads {
  atOnce: string[]
  later: string[]
  /** Works out where the server is, from the address of an entry. */
  base: boolean
}

export interface Release {
  release: string
  files: Map<string, string>
}

/** The texts of a template literal, between what is put into it. */
const textsOf = (node: Node): string[] =>
  node.type === 'TemplateLiteral' ? (node.quasis as Node[]).map(({ value }) => (value as { cooked: string }).cooked) : []

const literal = (node: Node): string | null => {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  const [only, ...more] = textsOf(node)
  return more.length === 0 ? (only ?? null) : null
}

/** A computed address that ends in the name of an entry: what guide.js makes of its own. */
const entryAsked = (source: Node, entries: ReadonlySet<string>): string | null => {
  const end = textsOf(source).at(-1) ?? ''
  return entries.has(end) ? end : null
}

/** A file with other loading, and what it loads. `call`: what stands in for `import()`. @throws where that is not clear */
function pinFile(path: string, code: string, entries: ReadonlySet<string>, call: string): { code: string; loads: Loads } {
  const isEntry = entries.has(path)
  const edits: Edit[] = []
  const loads: Loads = { atOnce: [], later: [], base: false }
  const fault = (what: string): never => {
    throw new Error(`${path}: ${what}; see build/pinned.ts`)
  }
  const within = (address: string) => (/^\.\.?\//.test(address) ? posix.join(posix.dirname(path), address) : fault(`it imports ${address}`))
  walk(parseAst(code), (node) => {
    const isFetching = node.type === 'CallExpression' && (node.callee as Node).name === fetching
    const source = (isFetching ? (node.arguments as Node[])[0] : node.source) as Node | null | undefined
    if (node.type === 'ImportDeclaration') {
      const target = within(String((source as Node).value))
      loads.atOnce.push(target)
      // Chunks are fetched after what they import; of an entry the page says only its own digest.
      if (!isEntry) return
      const names = (node.specifiers as Node[]).map((one) => {
        if (one.type !== 'ImportSpecifier') return fault('an entry imports something whole')
        return `${(one.imported as Node).name}:${(one.local as Node).name}`
      })
      edits.push({ start: node.start, end: node.end, text: `const{${names}}=await ${call}(${JSON.stringify(target)});` })
    } else if (node.type === 'ImportExpression' || isFetching) {
      const address = literal(source as Node)
      // What is fetched first is named as seen from the folder of those files.
      const target = address === null ? entryAsked(source as Node, entries) : isFetching ? posix.join('assets', address) : within(address)
      // Modules of the page's own, whose addresses it gives: they are for the page to vouch for.
      if (target === null) return isEntry ? fault('an entry imports a computed address') : undefined
      loads.later.push(target)
      edits.push({ start: node.start, end: node.end, text: `${call}(${JSON.stringify(target)})` })
    } else if ((node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') && source) fault('it passes on what another file exports')
    else if (node.type === 'NewExpression' && (node.callee as Node).name === 'URL') {
      const [first] = node.arguments as Node[]
      if (!first || literal(first) !== '.') return
      // The server is two folders up from here.
      loads.base = true
      edits.push({ start: first.start, end: first.end, text: '"../../"' })
    }
  })
  // A computed address goes as a whole, with what is in it.
  const outer = edits.filter((edit) => !edits.some((other) => other !== edit && other.start <= edit.start && edit.end <= other.end))
  const pinned = withEdits(code, outer)?.code ?? code
  parseAst(pinned)
  return { code: pinned, loads }
}

/** The file and all that it loads, now or ever. */
function reached(from: string, loads: ReadonlyMap<string, Loads>): Set<string> {
  const all = new Set([from])
  for (const path of all) for (const next of [...(loads.get(path)?.atOnce ?? []), ...(loads.get(path)?.later ?? [])]) all.add(next)
  return all
}

const sha = (algorithm: 'sha256' | 'sha384', content: string) => createHash(algorithm).update(content).digest('base64')

/**
 * @param built Files by path: entries at the top, what they load below `assets/`.
 * @param prelude Code of `pinning`, as an expression.
 */
export function pinnedRelease(version: string, built: ReadonlyMap<string, string>, prelude: string): Release {
  const entries = new Set([...built.keys()].filter((path) => !path.includes('/')))
  const make = (release: string) =>
    new Map([...built].map(([path, code]) => [path, pinFile(path, code, entries, entries.has(path) ? 'guichetPin' : shared(release))]))

  // Named after everything that makes its bytes; the name itself stands in them too.
  const named = createHash('sha256').update(prelude)
  for (const [path, { code }] of make('')) named.update(`\0${path}\0${code}`)
  const release = `${version}-${named.digest('hex').slice(0, 16)}`

  const made = make(release)
  const loads = new Map([...made].map(([path, one]) => [path, one.loads]))
  for (const [path, { atOnce, later }] of loads)
    for (const target of [...atOnce, ...later]) if (!made.has(target)) throw new Error(`${path} loads ${target}, which was not built; see build/pinned.ts`)
  for (const path of entries)
    if (![path, ...(loads.get(path)?.atOnce ?? [])].some((one) => loads.get(one)?.base))
      throw new Error(`${path} does not work out where its server is; see build/pinned.ts`)
  refuseCircles(loads)

  const files = new Map<string, string>()
  const digestOf = new Map<string, string>()
  const finish = (path: string, code: string) => {
    files.set(path, code)
    digestOf.set(path, sha('sha256', code))
  }
  for (const [path, { code }] of made) if (!entries.has(path)) finish(path, code)
  // An entry that loads another knows its digest, so that one comes first.
  const waiting = new Set(entries)
  while (waiting.size > 0) {
    const before = waiting.size
    for (const path of waiting) {
      const needs = [...reached(path, loads)].filter((one) => one !== path)
      if (needs.some((one) => waiting.has(one))) continue
      // An entry asks for what it loads when it runs, and only once: where another loads it, that is there before it.
      const before = (one: string) => (entries.has(one) ? loads.get(one)?.later : loads.get(one)?.atOnce) ?? []
      const table = Object.fromEntries(needs.sort().map((one) => [one, [digestOf.get(one), ...before(one)].join(' ')]))
      const head = `const guichetPin=(${prelude})(import.meta.url,${JSON.stringify(table)});${shared(release)}??=guichetPin;`
      finish(path, `${head}${made.get(path)?.code}`)
      waiting.delete(path)
    }
    if (waiting.size === before) throw new Error('entries load each other; see build/pinned.ts')
  }
  return { release, files }
}

/** A file in a circle could not be fetched after what it imports. */
function refuseCircles(loads: ReadonlyMap<string, Loads>) {
  const done = new Set<string>()
  const visit = (path: string, above: readonly string[]) => {
    if (above.includes(path)) throw new Error(`${[...above, path].join(' imports ')}; see build/pinned.ts`)
    if (done.has(path)) return
    for (const next of loads.get(path)?.atOnce ?? []) visit(next, [...above, path])
    done.add(path)
  }
  for (const path of loads.keys()) visit(path, [])
}

/** `pinning` as an expression. */
async function preludeFrom(file: string): Promise<string> {
  const { code } = await transformWithOxc(readFileSync(file, 'utf8'), file)
  const body = code.replace(/\bexport function pinning/, 'guichetPinning=function')
  const small = await minify('pin.js', body, { module: true })
  const expression = /^guichetPinning=([\s\S]*?);?\s*$/.exec(small.code)?.[1]
  if (!expression) throw new Error('src/pin.ts holds more than one function; see build/pinned.ts')
  return expression
}

const filesIn = (folder: string) =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => path.split('\\').join('/'))
      .filter((path) => path.endsWith('.js') && !path.startsWith('pinned/'))
      .sort()
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  )

/** Comes after every other bundle of the folder. */
export function pinned(dist: string, version: string, pin: string): Plugin {
  return {
    name: 'guichet-pinned',
    buildStart() {
      this.addWatchFile(pin)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const { release, files } = pinnedRelease(version, filesIn(dist), await preludeFrom(pin))
        const folder = join(dist, 'pinned', release)
        rmSync(join(dist, 'pinned'), { recursive: true, force: true })
        for (const [path, code] of files) {
          mkdirSync(dirname(join(folder, path)), { recursive: true })
          writeFileSync(join(folder, path), code)
        }
        const digests = Object.fromEntries([...files].sort().map(([path, code]) => [path, `sha384-${sha('sha384', code)}`]))
        writeFileSync(join(folder, 'release.json'), `${JSON.stringify({ release, files: digests }, null, 2)}\n`)
      },
    },
  }
}
