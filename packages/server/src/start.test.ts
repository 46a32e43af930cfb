/** What a start loads. A module is some tenths of a millisecond, and a start waits for each. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const script = `
  import { registerHooks } from 'node:module'
  const loaded = []
  registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context) } })
  await import(process.argv[1])
  console.log(JSON.stringify(loaded))
`
const server = fileURLToPath(new URL('./server.ts', import.meta.url))

it('loads nothing that only some requests need, and nothing that only some servers have', () => {
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script, server], { encoding: 'utf8', timeout: 60_000 })
  const loaded = JSON.parse(said) as string[]
  const rare =
    /node_modules\/(ajv-formats|jose|openid-client|nodemailer|@simplewebauthn|@opentelemetry\/sdk|prom-client|json-schema-to-typescript|file-type|parse5)\/|ajv\/dist\/(core|2020|compile\/index)\.js|openid-connect\/openid-connect\.ts|\/commands\//
  expect(loaded.some((url) => url.endsWith('/intake/submit.ts'))).toBe(true)
  expect(loaded.filter((url) => rare.test(url))).toEqual([])
  // By the sources. What an operator starts is bundled, and loads a handful.
  expect(loaded.length).toBeLessThan(900)
})
