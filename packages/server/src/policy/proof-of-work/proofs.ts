/**
 * Proof of work: a challenge that takes a browser a moment and a flood of submissions a machine room. altcha's format and
 * checks, with a widget of our own. The server knows the answer when it asks (it derives one key, in a thread), so that to
 * check one costs it two MACs; the client derives keys until one fits. What the challenge is for and until when stands in it,
 * signed. A solution counts once, across replicas; that is counted as rates are, and waits for no disk.
 */
import { createHmac } from 'node:crypto'
import { type Challenge, createChallenge, randomInt, type Solution, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { Adapters } from '../../adapters.ts'
import type { LiveService } from '../../services/live.ts'

/** People take so long to fill in; after that the page solves another. */
export const challengeLasts = 60 * 60_000
/** Rounds of PBKDF2-SHA-256 for one try. */
const rounds = 1000
/** Tries that an effort of one takes, at least and at most: they are spread, but not so far that somebody waits long. */
const tries = { least: 10, most: 30 }

interface About {
  about: string
  effort: number
  until: number
  [name: string]: string | number
}

const secretsOf = (pepper: Uint8Array, agency: string) => {
  const secret = (use: string) => createHmac('sha256', pepper).update(`guichet proof of work|${agency}|${use}`).digest('hex')
  return { hmacSignatureSecret: secret('challenge'), hmacKeySignatureSecret: secret('key') }
}
const aboutOf = ({ agency, version }: Pick<LiveService, 'agency' | 'version'>) => `${agency.id}/${version.service}`

/** Null where the service asks for none. */
export async function newChallenge({ keys }: Pick<Adapters, 'keys'>, live: LiveService, now: Date): Promise<{ challenge: Challenge; seconds: number } | null> {
  const effort = live.policy.asks.proofOfWork
  if (effort === undefined) return null
  const about: About = { about: aboutOf(live), effort, until: now.getTime() + challengeLasts }
  const challenge = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: rounds,
    counter: randomInt(effort * tries.most, effort * tries.least),
    deriveKey,
    data: about,
    ...secretsOf(keys.pepper, live.agency.id),
  })
  return { challenge, seconds: challengeLasts / 1000 }
}

/** Whether what came along is a solution of a challenge for this service, hard enough, in time, and not used before. */
export async function isProof({ keys, rates }: Pick<Adapters, 'keys' | 'rates'>, live: LiveService, header: string | undefined, now: Date): Promise<boolean> {
  if (header === undefined || header.length > 4000 || !/^[A-Za-z0-9_-]+$/.test(header)) return false
  try {
    const { challenge, solution } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { challenge: Challenge; solution: Solution }
    const { verified } = await verifySolution({ challenge, solution, deriveKey, ...secretsOf(keys.pepper, live.agency.id) })
    if (!verified) return false
    // Signed, so it is what we said.
    const { about, effort, until } = challenge.parameters.data as unknown as About
    if (about !== aboutOf(live) || effort < (live.policy.asks.proofOfWork ?? 0) || until <= now.getTime()) return false
    return (await rates.take(live.agency.id, `proof/${challenge.parameters.nonce}`, { size: 1, period: challengeLasts }, now.getTime())) === 0
  } catch {
    return false
  }
}
