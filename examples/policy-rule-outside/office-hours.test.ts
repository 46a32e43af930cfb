import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AdmitEvidence, PolicyError, policyRules, readConfig, startServer } from '@guichet/server'
import { expect, test } from 'vitest'
import { officeHours } from './office-hours.ts'

const at = (localNow: string, purpose: AdmitEvidence['purpose'] = 'submit') => ({ localNow, purpose }) as AdmitEvidence
const ask = officeHours.settle({ from: 8, until: 16 }, 'standard', {} as never)

test('takes what comes in office hours, and nothing besides', () => {
  expect(['08:00:00', '12:30:00', '15:59:59'].map((time) => ask(at(`2026-01-05T${time}`)))).toEqual([null, null, null])
  for (const moment of ['2026-01-05T07:59:59', '2026-01-05T16:00:00', 'no time', '']) expect(ask(at(moment))).toMatchObject({ code: 'closed' })
  expect(ask(at('2026-01-05T20:00:00', 'view'))).toBeNull()
  // The control: at all hours.
  expect(officeHours.settle(officeHours.presets.open, 'open', {} as never)(at('2026-01-05T20:00:00'))).toBeNull()
  expect(() => officeHours.settle({ from: 9, until: 9 }, 'standard', {} as never)).toThrow(PolicyError)
})

test('a server that is handed the rule keeps to it, and says it to citizens; one that is not refuses to publish', async () => {
  const start = async (hour: string, rules = [...policyRules, officeHours]) => {
    const folder = mkdtempSync(join(tmpdir(), 'guichet-rule-'))
    const env = { PORT: '0', DEMO_PORT: 'off', DATA_DIR: folder, EXAMPLES_DIR: import.meta.dirname, LOG_LEVEL: 'silent' }
    const server = await startServer(readConfig(env), { rules, clock: { now: () => new Date(`2026-01-05T${hour}:00:00.000Z`) } })
    return { server, close: () => server.close().finally(() => rmSync(folder, { recursive: true, force: true })) }
  }
  const send = async (url: string) => {
    const response = await fetch(`${url}/v1/services/demo/permit/submissions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'a-key-of-its-own-1' },
      body: JSON.stringify({ version: 1, language: 'el', answers: { phone: '691 234 5678' } }),
    })
    return response.status
  }
  const day = await start('10')
  try {
    expect(await send(day.server.url)).toBe(201)
    const protection = await (await fetch(`${day.server.url}/v1/services/demo/permit/protection?lang=el`)).json()
    expect(JSON.stringify(protection)).toContain('από τις 8 έως τις 16')
  } finally {
    await day.close()
  }
  const night = await start('20')
  try {
    expect(await send(night.server.url)).toBe(403)
  } finally {
    await night.close()
  }
  // The control: without the rule its service is not there.
  const without = await start('10', [...policyRules]).catch(() => null)
  try {
    if (without) expect(await send(without.server.url)).toBe(404)
  } finally {
    await without?.close()
  }
})

test('the written page shows these very files', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/extend/policy-rule.md'), 'utf8')
  const blocks = [...page.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)]
  expect(blocks.map(([, file]) => file)).toEqual(['office-hours.ts', 'schema.json', 'office-hours.messages.json', 'permit/policy.json'])
  for (const [, file = '', code] of blocks) expect(code, file).toBe(readFileSync(join(import.meta.dirname, file), 'utf8'))
})
