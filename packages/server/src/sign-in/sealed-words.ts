/**
 * What the server gives out and takes back unchanged: the state of an attempt, the code that ends it, and who is signed in.
 * Sealed, so that who carries it can neither read nor change it, and the server keeps no name of anybody. The keys
 * come from the server's pepper, one for each agency and use; what a word is about is sealed along, so that one for another
 * service, or of another use, opens nothing.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Adapters } from '../adapters.ts'
import { openBytes, sealBytes } from '../keys/seal-box.ts'

export type WordUse = 'attempt' | 'code' | 'session'

/** What codes and sessions are about. */
export const serviceAbout = (agency: string, service: string) => `${agency}|${service}`

export interface Words {
  /** `secret`: whoever opens it must have that as well. */
  seal(use: WordUse, about: string, content: object, secret?: string): string
  /** Null: not sealed here, for this, or with this secret. */
  open(use: WordUse, about: string, word: string, secret?: string): unknown
  /** A secret that follows from a name, the same on every replica. */
  derive(use: WordUse, name: string): string
}

/** Longer ones were not made here. */
const longest = 6000

const peppered = new WeakMap<Uint8Array, Map<string, Words>>()
/** Made once for each agency. */
export function wordsOf({ keys: { pepper } }: Pick<Adapters, 'keys'>, agency: string): Words {
  const made = peppered.get(pepper) ?? new Map<string, Words>()
  peppered.set(pepper, made)
  const words = made.get(agency) ?? sealedWords(pepper, agency)
  made.set(agency, words)
  return words
}

export function sealedWords(pepper: Uint8Array, agency: string): Words {
  const keys = new Map<WordUse, KeyObject>()
  const keyOf = (use: WordUse, secret: string) => {
    let key = keys.get(use)
    if (!key) {
      key = createSecretKey(createHmac('sha256', pepper).update(`guichet sign-in|${agency}|${use}`).digest())
      keys.set(use, key)
    }
    return secret === '' ? key : createSecretKey(createHmac('sha256', key).update(`secret|${secret}`).digest())
  }
  return {
    seal: (use, about, content, secret = '') => sealBytes(keyOf(use, secret), about, Buffer.from(JSON.stringify(content))).toString('base64url'),
    open(use, about, word, secret = '') {
      if (word.length > longest || !/^[A-Za-z0-9_-]+$/.test(word)) return null
      try {
        return JSON.parse(openBytes(keyOf(use, secret), about, Buffer.from(word, 'base64url')).toString())
      } catch {
        return null
      }
    },
    derive: (use, name) => createHmac('sha256', keyOf(use, '')).update(`derived|${name}`).digest('base64url'),
  }
}
