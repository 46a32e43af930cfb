import type { Reading } from '../cases/reading.ts'

/** Somebody whom every preset lets read. */
export const reading: Reading = { roles: () => ['officer'], client: '203.0.113.9', purpose: 'handling', language: 'en' }
