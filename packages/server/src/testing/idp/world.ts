/** Settings of a service that asks people to sign in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Policy } from '@guichet/schemas'
import { foreign } from '../world.ts'
import { clientId, clientSecret } from './forging-idp.ts'

/** Providers of two agencies, in a file with its secret beside it. */
export function providerFile(issuer: string, more: Record<string, unknown> = {}): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-idp-'))
  const path = join(folder, 'providers.json')
  writeFileSync(join(folder, 'secret'), `${clientSecret}\n`)
  const national = {
    id: 'national',
    kind: 'openid-connect',
    title: { en: 'National sign-in', el: 'Εθνική σύνδεση', fa: 'ورود ملی' },
    issuer,
    clientId,
    clientSecret: { file: 'secret' },
    levels: { low: 'low', substantial: 'substantial', high: 'high' },
    ...more,
  }
  writeFileSync(path, JSON.stringify({ city: [national], town: [national], demo: [national] }))
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export const signInPolicy = (more: object = {}): Policy => ({
  rules: {
    origins: { allow: [foreign] },
    encryption: { mode: 'none' },
    rate: { submissionsPerHour: 100_000 },
    'sign-in': { demand: 'required', level: 'substantial', fills: { name: 'name' }, ...more },
  },
})
