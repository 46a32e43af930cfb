import { kekOf, newMonthKey } from '../keys/month-key.ts'
import type { KeyEncryptionKey } from '../keys/seal-box.ts'
import { randomBytes } from '../random.ts'

/** A key of January 2026 that is in no folder. */
export const testKek = (bytes: Uint8Array = randomBytes(32)): KeyEncryptionKey => kekOf('2026-01', newMonthKey(Buffer.from(bytes)))
