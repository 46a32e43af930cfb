import type { AdmitEvidence, FileEvidence, RequestBody } from '../policy/rule.ts'

/** Evidence that every rule lets through, with changes. */
export const evidence = (more: Partial<AdmitEvidence> = {}): AdmitEvidence => ({
  purpose: 'submit',
  agency: 'city',
  service: 'library-card',
  origin: null,
  sameOrigin: false,
  client: '203.0.113.7',
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
