import { memoryRates } from '../policy/rate/rates.ts'
import type { AdmitEvidence, FileEvidence, Means, Preset, ReadEvidence, RequestBody } from '../policy/rule.ts'
import type { AgencyId } from '../store/store.ts'

/** What rules may use: those under test share it. */
export const means: Means = { rates: memoryRates() }

/** A rule by itself, with options over those of its preset. */
export const settled = <Options extends object, Ask>(
  rule: { presets: Readonly<Record<Preset, Options>>; settle(options: Options, preset: Preset, means: Means): Ask },
  options: Partial<Options> = {},
  preset: Preset = 'standard',
): Ask => rule.settle({ ...rule.presets[preset], ...options }, preset, means)

/** Evidence that every rule lets through, with changes. */
export const evidence = (more: Partial<AdmitEvidence> = {}): AdmitEvidence => ({
  purpose: 'submit',
  agency: 'city' as AgencyId,
  service: 'library-card',
  origin: null,
  sameOrigin: false,
  client: '203.0.113.7',
  signedIn: null,
  proved: async () => false,
  trap: null,
  now: new Date('2026-01-05T08:00:00Z'),
  localNow: '2026-01-05T10:00:00',
  window: undefined,
  body: bodyOf('{}'),
  ...more,
})

export const bodyOf = (text: string, declared: number | null = text.length): RequestBody => ({
  declared,
  async read(limit) {
    return text.length > limit ? 'too-large' : new TextEncoder().encode(text)
  },
})

export const fileOf = (more: Partial<FileEvidence> = {}): FileEvidence => ({
  size: 1000,
  kind: 'pdf',
  declared: 'application/pdf',
  name: 'a.pdf',
  accept: undefined,
  maxBytes: undefined,
  picture: null,
  ...more,
})

/** Somebody who opens a case. */
export const readEvidence = (more: Partial<ReadEvidence> = {}): ReadEvidence => ({
  deed: 'open',
  agency: 'city' as AgencyId,
  service: 'library-card',
  reader: { id: 'user:1', roles: ['officer'] },
  client: '203.0.113.9',
  purpose: 'handling',
  now: new Date('2026-01-05T08:00:00Z'),
  ...more,
})
