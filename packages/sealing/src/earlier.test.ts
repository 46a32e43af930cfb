import { expect, it } from 'vitest'
import { fromBase64url, textOf } from './bytes.ts'
import earlier from './earlier.fixture.json' with { type: 'json' }
import { fileInfo, sealedTarget, suiteName } from './envelope.ts'
import { openFile } from './file.ts'
import { openSubmission, type SealedCase } from './open.ts'
import { unlockKey } from './passphrase.ts'
import { fingerprintOf } from './recipients.ts'
import { joinShares } from './recovery.ts'
import { unwrapKey } from './wrap.ts'

/** Sealed once and kept here: whatever is changed in the code, what people have sealed opens. */
const { service, recovery, sealed, clear } = earlier

it('a submission opens', async () => {
  const at = { agency: 'city', service: 'report', version: 3, definition: 'sha256-d', submission: `01kbcdefgh${sealed.manifest.case}` }
  for (const pair of [service, recovery])
    expect(await openSubmission({ ...at, clear, sealed } as SealedCase, pair)).toMatchObject({ format: 1, answers: { district: 'north', what: 'secret' } })
  expect(sealed.manifest.suite).toBe(suiteName)
})

it('a file opens', async () => {
  const stream = new Response(fromBase64url(earlier.file.content)).body as ReadableStream<Uint8Array>
  const opened = openFile(stream, earlier.file.key, fileInfo({ agency: 'city', service: 'report' }))
  expect(textOf(new Uint8Array(await new Response(opened).arrayBuffer()))).toBe('hello')
  expect(sealedTarget).toBe('sealed')
})

it('a key comes back from its lock, its shares and its wrapping', async () => {
  const lock = { agency: 'city', user: 'u1', passphrase: 'correct horse battery staple' }
  expect(await unlockKey(earlier.locked as never, service.public, lock, 4)).toEqual(service)
  expect(await joinShares(earlier.shares.slice(1), recovery.public)).toEqual(recovery)
  expect(await unwrapKey(earlier.wrapped, earlier.place, recovery)).toEqual(service)
})

it('a set of recipients has the fingerprint that pages have pinned', async () => {
  const recipients = [
    { kind: 'recovery' as const, key: recovery.public },
    { kind: 'service' as const, key: service.public },
  ]
  expect(await fingerprintOf({ agency: 'city', service: 'report', epoch: 9, recipients })).toBe(earlier.fingerprint)
})
