import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { canonical } from './canonical.ts'
import { writeLogProof } from './log-proof.ts'
import { plainLeaves, plainPath, plainRoot } from './plain-tree.test-helper.ts'
import { checkpointOf, jwsOf, lineOf, newSigner, noteKey, publicOf, revoked, type Signer, vouched } from './signers.test-helper.ts'
import { type ReceiptInput, verifyReceipt } from './verify.ts'

const [key, next, thief, seer] = [newSigner(), newSigner(), newSigner(), newSigner()]
const origin = 'forms.example.org/.well-known/guichet/log/city'
const digest = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64url')}`
const sha256 = (text: string) => createHash('sha256').update(text).digest()
const answers = { name: 'Ada', items: [1, 2] }
const salt = 'pepper'

const payload = {
  iss: 'https://forms.example.org',
  agency: 'city',
  service: 'library-card',
  version: 1,
  definitionDigest: digest('definition'),
  submission: '01kd0000000000000000000000',
  receivedAt: '2026-01-05T08:00:00.000Z',
  answersDigest: digest(`${salt}.${canonical(answers)}`),
  salt,
  attachments: [
    { target: 'plan', size: 3, commitment: digest(`${salt}.${digest('abc')}`) },
    { target: 'photo', size: 2, digest: digest('de') },
  ],
  auditSequence: 3,
}
const event = {
  agency: 'city',
  sequence: 3,
  time: payload.receivedAt,
  actor: 'citizen',
  action: 'submission.received',
  object: `submission:${payload.submission}`,
  details: { answers: payload.answersDigest },
  previous: '0'.repeat(64),
  digest: 'd'.repeat(64),
}

interface Made {
  by?: Signer
  logBy?: Signer
  says?: object
  happened?: object
  file?: object
  index?: number
  from?: string
}
/** A receipt of the third of five entries, with its proof, changed in one thing or another. */
async function made({ by = key, logBy = by, says = {}, happened = {}, file = {}, index = 2, from = origin }: Made = {}) {
  const entry: Record<string, unknown> = { ...event, ...happened }
  const { digest: _digest, ...hashed } = entry
  const leaf = createHash('sha256')
    .update(Buffer.concat([Uint8Array.of(0), Buffer.from(canonical(hashed))]))
    .digest()
  const leaves = plainLeaves(5).with(2, leaf)
  const checkpoint = await checkpointOf(logBy, { origin: from, size: 5, root: plainRoot(leaves) })
  const said = { ...payload, leaf: `sha256-${leaf.toString('base64url')}`, ...says }
  return {
    format: 'guichet-receipt/1',
    jws: jwsOf(by, 'eservice-receipt+jws', said),
    payload: said,
    keys: { keys: [publicOf(by)] },
    event: entry,
    proof: writeLogProof({ index, hashes: plainPath(2, leaves), checkpoint }),
    ...file,
  }
}
const agency = { keys: [publicOf(key)] }
const check = async (given: Made | object | string = {}, more: Partial<ReceiptInput> = {}) => {
  const file = typeof given === 'string' ? given : JSON.stringify('format' in given ? given : await made(given))
  return verifyReceipt({ file, keys: agency, ...more })
}

describe('a receipt', () => {
  it('is authentic by a key of the agency, and not shown to be by one that came along', async () => {
    expect(await check()).toEqual({
      signature: 'trusted',
      revokedAt: null,
      receipt: expect.objectContaining({ submission: payload.submission }),
      kid: key.kid,
      content: 'not-given',
      files: [
        { target: 'plan', size: 3, state: 'not-given' },
        { target: 'photo', size: 2, state: 'not-given' },
      ],
      strangers: [],
      log: { state: 'in', index: 2, size: 5, origin },
      witnesses: [],
      fork: false,
      useless: 0,
    })
    expect(await check({}, { keys: null })).toMatchObject({ signature: 'own-key', log: { state: 'in' } })
    expect(await check({ file: { keys: undefined } }, { keys: null })).toMatchObject({ signature: 'forged' })
    expect(await check({ file: { keys: 'x' } })).toMatchObject({ signature: 'trusted' })
    expect(await check({ file: { payload: undefined } })).toMatchObject({ signature: 'trusted' })
  })

  it('is forged where no believed key has signed it, and then nothing more is said of it', async () => {
    const verdict = await check({ by: thief }, { answers, files: [{ name: 'x', sha256: sha256('x') }] })
    expect(verdict).toEqual({
      signature: 'forged',
      revokedAt: null,
      receipt: expect.anything(),
      kid: thief.kid,
      content: 'not-given',
      files: [],
      strangers: [],
      log: { state: 'not-yet' },
      witnesses: [],
      fork: false,
      useless: 0,
    })
    // Signed by somebody else in the name of the key.
    const jws = jwsOf(thief, 'eservice-receipt+jws', payload, { alg: 'Ed25519', kid: key.kid, typ: 'eservice-receipt+jws' })
    expect(await check({ file: { jws, payload } })).toMatchObject({ signature: 'forged' })
  })

  it('is believed by a later key that an earlier one vouches for', async () => {
    const keys = { keys: [publicOf(next)], statements: [vouched(key, next)] }
    expect(await check({ by: next, file: { keys } })).toMatchObject({ signature: 'trusted', kid: next.kid, log: { state: 'in' } })
    expect(await check({ by: next })).toMatchObject({ signature: 'forged' })
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['nothing', 'null'],
    ['another format', { format: 'guichet-receipt/2' }],
    ['no signed text', { jws: undefined }],
    ['a signed text that is none', { jws: 'x' }],
    ['a proof that is no text', { proof: 1 }],
    ['a checkpoint that is no text', { checkpoint: {} }],
    ['an event that is no object', { event: [] }],
    ['a part that nobody looks at', { note: 'x' }],
    ['a payload that is not what was signed', { payload: { ...payload, version: 2 } }],
  ])('is none with %s', async (_, file) => {
    const verdict = await check(typeof file === 'string' ? file : { file })
    expect(verdict).toMatchObject({ signature: 'malformed', receipt: null, kid: null, log: { state: 'not-yet' }, content: 'not-given' })
  })

  it.each(['iss', 'agency', 'service', 'submission', 'receivedAt', 'answersDigest', 'salt', 'definitionDigest', 'attachments'])(
    'is none that does not say %s',
    async (name) => {
      const says = { ...payload, [name]: undefined }
      expect(await check({ says })).toMatchObject({ signature: 'malformed' })
      expect(await check({ says: { ...payload, [name]: 1 } })).toMatchObject({ signature: 'malformed' })
    },
  )

  it('is none whose files are no list of objects, or that is of another type', async () => {
    for (const attachments of [['x'], [...payload.attachments, 'x']]) expect(await check({ says: { attachments } })).toMatchObject({ signature: 'malformed' })
    expect(await check({ file: { jws: jwsOf(key, 'eservice-receipt+jws', null), payload: undefined } })).toMatchObject({ signature: 'malformed' })
    expect(await check({ file: { jws: jwsOf(key, 'guichet-destruction+jws', payload), payload } })).toMatchObject({ signature: 'malformed' })
  })
})

describe('what is in hand', () => {
  it('is what was received, or is not', async () => {
    expect(await check({}, { answers: { items: [1, 2], name: 'Ada' } })).toMatchObject({ content: 'same' })
    expect(await check({}, { answers: { ...answers, name: 'Eve' } })).toMatchObject({ content: 'differs' })
    // Those in the file, unless others are given.
    expect(await check({ file: { answers } })).toMatchObject({ content: 'same' })
    expect(await check({ file: { answers: null } })).toMatchObject({ content: 'differs' })
    expect(await check({ file: { answers } }, { answers: {} })).toMatchObject({ content: 'differs' })
  })

  it('is one of the files, or a stranger', async () => {
    const files = [
      { name: 'plan.pdf', sha256: sha256('abc') },
      { name: 'copy.pdf', sha256: sha256('abc') },
      { name: 'other.pdf', sha256: sha256('x') },
    ]
    expect(await check({}, { files })).toMatchObject({
      files: [
        { target: 'plan', state: 'same' },
        { target: 'photo', state: 'not-given' },
      ],
      strangers: ['other.pdf'],
    })
    // Receipts of earlier versions hold the digest itself.
    expect(await check({}, { files: [{ name: 'p.jpg', sha256: sha256('de') }] })).toMatchObject({
      files: [{ state: 'not-given' }, { state: 'same' }],
      strangers: [],
    })
    // A digest that is committed to is not the file's own.
    const says = { attachments: [{ target: 'plan', size: 3, commitment: 'c', digest: digest('abc') }] }
    expect(await check({ says }, { files: [{ name: 'plan.pdf', sha256: sha256('abc') }] })).toMatchObject({ strangers: ['plan.pdf'] })
  })
})

describe('the log', () => {
  it('says nothing yet without a proof', async () => {
    expect(await check({ file: { proof: undefined } })).toMatchObject({ signature: 'trusted', log: { state: 'not-yet' } })
  })

  it.each([
    ['proof', 'a proof that is none', { file: { proof: 'x' } }],
    ['checkpoint', 'a checkpoint that somebody else signed', { logBy: thief }],
    ['checkpoint', 'the log of another agency', { from: `${origin}2` }],
    ['checkpoint', 'a log that is no log of ours', { from: 'elsewhere.example/city' }],
    ['checkpoint', 'a checkpoint that is none', { file: { proof: writeLogProof({ index: 2, hashes: [], checkpoint: 'x' }) } }],
    ['event', 'no entry', { file: { event: undefined } }],
    ['event', 'an entry of another agency', { happened: { agency: 'town' } }],
    ['event', 'an entry of another number', { happened: { sequence: 4 } }],
    ['event', 'an entry about something else', { happened: { action: 'submission.read' } }],
    ['event', 'an entry about another case', { happened: { object: 'submission:x' } }],
    ['event', 'an entry of another time', { happened: { time: '2026-01-05T08:00:00.001Z' } }],
    ['event', 'an entry about other answers', { happened: { details: { answers: digest('x') } } }],
    ['event', 'an entry about no answers', { happened: { details: undefined } }],
    ['event', 'another place', { index: 3 }],
    ['event', 'a receipt that names no entry', { says: { auditSequence: undefined } }],
    ['event', 'a receipt that names another leaf', { says: { leaf: digest('x') } }],
    ['proof', 'an entry that is not the one in the tree', { file: { event: { ...event, actor: 'user:x' } }, says: { leaf: undefined } }],
    ['proof', 'hashes that lead nowhere', { says: { leaf: undefined }, file: { event: { ...event, previous: 'x' } } }],
  ] as const)('proves nothing (%s) by %s', async (why, _, given) => {
    expect(await check(given)).toMatchObject({ signature: 'trusted', log: { state: 'wrong', why } })
  })

  it('proves nothing by a path of another length', async () => {
    const file = await made()
    const [head, ...rest] = file.proof.split('\n\n') as [string, ...string[]]
    const shorter = [head.split('\n').slice(0, -1).join('\n'), ...rest].join('\n\n')
    expect(await check({ ...file, proof: shorter })).toMatchObject({ log: { state: 'wrong', why: 'proof' } })
  })

  it('proves a receipt of an earlier version, which names no leaf', async () => {
    expect(await check({ says: { leaf: undefined } })).toMatchObject({ log: { state: 'in' } })
  })

  it('was seen by the witnesses that are believed, and by no log', async () => {
    const file = await made()
    const text = file.proof.slice(file.proof.indexOf('\n\n') + 2).split('\n\n')[0] as string
    const line = await lineOf('w.example', seer, `${text}\n`, 1_767_600_000)
    const witnesses = [noteKey('w.example', seer, 'cosignature'), noteKey('v.example', thief, 'cosignature'), noteKey(origin, key)]
    expect(await check({ ...file, proof: file.proof + line }, { witnesses })).toMatchObject({
      witnesses: [{ name: 'w.example', at: new Date(1_767_600_000_000).toISOString() }],
    })
    expect(await check({ ...file, proof: file.proof + line })).toMatchObject({ witnesses: [] })
    // Of a proof that does not hold nobody has seen anything.
    expect(await check({ ...file, proof: file.proof + line, event: undefined }, { witnesses })).toMatchObject({ witnesses: [] })
  })
})

describe('checkpoints from elsewhere', () => {
  const head = (fill: number, size = 5, at = origin) => ({ origin: at, size, root: new Uint8Array(32).fill(fill) })

  it('that contradict the one in the proof, or the one beside it, show a fork', async () => {
    expect(await check({}, { checkpoints: [await checkpointOf(key, head(1))] })).toMatchObject({ fork: true, useless: 0, log: { state: 'in' } })
    const file = { checkpoint: await checkpointOf(key, head(1, 9)) }
    expect(await check({ file })).toMatchObject({ fork: false })
    expect(await check({ file }, { checkpoints: [await checkpointOf(key, head(2, 9))] })).toMatchObject({ fork: true, useless: 0 })
    expect(await check({ file }, { checkpoints: [await checkpointOf(key, head(1, 9))] })).toMatchObject({ fork: false, useless: 0 })
    expect(await check({ file: { checkpoint: await checkpointOf(key, head(1)) } })).toMatchObject({ fork: true })
    // One that agrees does not take back what another one has shown.
    const both = [await checkpointOf(key, head(2, 9)), await checkpointOf(key, head(1, 9))]
    expect(await check({ file }, { checkpoints: both })).toMatchObject({ fork: true, useless: 0 })
  })

  it('say nothing where they are of another size, another log, or not signed by it', async () => {
    const checkpoints = [
      await checkpointOf(key, head(1, 6)),
      await checkpointOf(thief, head(1)),
      await checkpointOf(key, head(1, 5, `${origin}x`)),
      await checkpointOf(key, head(1, 5, `x${origin}`)),
      'x',
    ]
    expect(await check({}, { checkpoints })).toMatchObject({ fork: false, useless: 5 })
    expect(await check({ file: { proof: undefined } }, { checkpoints: [await checkpointOf(key, head(1))] })).toMatchObject({ fork: false, useless: 1 })
    // Two of them can contradict each other, whatever the receipt says.
    expect(await check({}, { checkpoints: [await checkpointOf(key, head(1, 6)), await checkpointOf(key, head(2, 6))] })).toMatchObject({
      fork: true,
      useless: 1,
    })
  })
})

describe('a key that was revoked', () => {
  const keys = { keys: [publicOf(next), publicOf(key)], revocations: [revoked(next, key.kid)] }
  const revokedAt = '2026-02-01T00:00:00.000Z'

  it('shows nothing by itself, nor by a log that it alone has signed', async () => {
    expect(await check({}, { keys })).toMatchObject({ signature: 'revoked', revokedAt, kid: key.kid, log: { state: 'revoked' }, witnesses: [] })
    expect(await check({ file: { proof: undefined } }, { keys })).toMatchObject({ signature: 'revoked', revokedAt, log: { state: 'not-yet' } })
    expect(await check({ file: { keys, proof: undefined } }, { keys: null })).toMatchObject({ signature: 'revoked', revokedAt })
    expect(await check({ logBy: next, file: { event: undefined } }, { keys })).toMatchObject({ signature: 'revoked', log: { state: 'wrong' } })
  })

  it('has signed what the log shows under a key that was not', async () => {
    expect(await check({ logBy: next }, { keys })).toMatchObject({ signature: 'trusted', revokedAt, log: { state: 'in' } })
    expect(await check({ logBy: next, file: { keys } }, { keys: null })).toMatchObject({ signature: 'own-key', revokedAt, log: { state: 'in' } })
    // Signed by both, as while keys change.
    const file = await made({ logBy: key })
    const text = file.proof.slice(file.proof.indexOf('\n\n') + 2).split('\n\n')[0] as string
    const both = { ...file, proof: file.proof + (await lineOf(origin, next, `${text}\n`)) }
    expect(await check(both, { keys })).toMatchObject({ signature: 'trusted', revokedAt, log: { state: 'in' } })
  })

  it('takes nothing from what another key has signed', async () => {
    expect(await check({ by: next }, { keys })).toMatchObject({ signature: 'trusted', revokedAt: null, log: { state: 'in' } })
    expect(await check({ by: next, logBy: key }, { keys })).toMatchObject({ signature: 'trusted', revokedAt: null, log: { state: 'revoked' } })
  })
})
