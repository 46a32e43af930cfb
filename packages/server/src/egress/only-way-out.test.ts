/** Every outgoing call goes through egress.ts. What opens a connection elsewhere is named here, with its reason. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const source = join(import.meta.dirname, '..')
const reasons: Readonly<Record<string, string>> = {
  'egress/egress.ts': 'the way out',
  'deliveries/email/email.ts': 'to the mail server that the operator configured',
  'doctor/page/page-doctor.ts': 'asks this very server, on the command line of its operator',
  'commands/types.ts': 'to the address on the command line of an operator',
}
const waysOut = [
  /\b(?:globalThis\.)?fetch\(/,
  /from 'undici'|import\('undici'\)/,
  /import \{[^}]*\b(?:request|get|Agent)\b[^}]*\} from 'node:https?'/,
  /import \{[^}]*\b(?:connect|createConnection|Socket)\b[^}]*\} from 'node:(?:net|tls|http2)'/,
  /from 'node:dgram'|new WebSocket\(|new EventSource\(/,
]
/** What stands in the code, without comments and types. */
const codeOf = (text: string) =>
  text
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
    .replace(/import type [^\n]*\n/g, '')
    .replace(/\btype [A-Z]\w*/g, '')
const leavesBy = (text: string) => waysOut.some((way) => way.test(codeOf(text)))

it('nothing else opens a connection', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(ts|js)$/.test(file) && !/\.test\.ts$|-suite\.ts$|\.test-helper\.ts$/.test(file) && !/^(testing|pages)\//.test(file),
  )
  expect(files.length).toBeGreaterThan(150)
  const leaving = files.filter((file) => leavesBy(readFileSync(join(source, file), 'utf8')))
  // A local name of a function that goes through egress is no way out.
  const own = leaving.filter((file) => !/const fetch = through\(/.test(readFileSync(join(source, file), 'utf8')))
  expect(own.sort()).toEqual(Object.keys(reasons).sort())
})

it('would be noticed', () => {
  expect(leavesBy("const answer = await fetch('https://x.example')")).toBe(true)
  expect(leavesBy("import { request } from 'node:https'")).toBe(true)
  expect(leavesBy("import { createServer } from 'node:http'\n// fetch(everything)")).toBe(false)
})
