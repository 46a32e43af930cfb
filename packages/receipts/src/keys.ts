/**
 * Which keys are believed: those that somebody got from the agency, and those that one of them has vouched for since; and which
 * of them were revoked, because somebody else may have them.
 */
import { type Bytes, equal, fromBase64Url, sha256, textOf, toBase64Url, utf8 } from './bytes.ts'
import { canonical } from './canonical.ts'
import { verifyEd25519 } from './note.ts'

/** As `/.well-known/guichet/keys.json` has them. */
export interface KeySet {
  keys: readonly { x: string; kid: string }[]
  statements?: readonly string[]
  revocations?: readonly string[]
}

/** Raw public keys by their name. */
export type Trusted = ReadonlyMap<string, Bytes>

/** RFC 7638: a key's name is made of the key, so that nobody gives his the name of another. */
export const thumbprint = async (x: string): Promise<string> => toBase64Url(await sha256(utf8(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`)))

/** What was signed, if it has the one form that a compact JWS of ours has. The signature is not checked. */
export function readJws(jws: string, type: string): { kid: string; payload: unknown; content: Bytes; signature: Bytes } | null {
  const parts = jws.split('.')
  const [header, payload, signature] = parts.map((part) => fromBase64Url(part))
  if (parts.length !== 3 || !header || !payload || signature?.length !== 64) return null
  try {
    const says = JSON.parse(textOf(header) ?? '') as { kid?: unknown }
    const value: unknown = JSON.parse(textOf(payload) ?? '')
    if (typeof says.kid !== 'string') return null
    // Whatever else stood there would be signed, and not looked at.
    if (!equal(header, utf8(canonical({ alg: 'Ed25519', kid: says.kid, typ: type }))) || !equal(payload, utf8(canonical(value)))) return null
    return { kid: says.kid, payload: value, content: utf8(jws.slice(0, jws.lastIndexOf('.'))), signature }
  } catch {
    return null
  }
}

async function rawKey(key: unknown): Promise<[kid: string, raw: Bytes] | null> {
  const { x, kid } = (typeof key === 'object' && key !== null ? key : {}) as { x?: unknown; kid?: unknown }
  const raw = typeof x === 'string' ? fromBase64Url(x) : null
  return typeof x === 'string' && raw?.length === 32 && kid === (await thumbprint(x)) ? [kid, raw] : null
}

export interface Believed {
  keys: Trusted
  /** By the name of a key, when it was revoked. What it alone has signed proves nothing. */
  revoked: ReadonlyMap<string, string>
}

type Statement = NonNullable<ReturnType<typeof readJws>>

/** Each revocation among `texts` that one of these keys has signed. */
async function revokedBy(signers: Trusted, texts: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const text of texts) {
    const said = readJws(text, 'guichet-revocation+jws')
    const signer = said && signers.get(said.kid)
    if (!signer || !(await verifyEd25519(signer, said.signature, said.content))) continue
    const { kid, revokedAt } = (said.payload ?? {}) as { kid?: unknown; revokedAt?: unknown }
    if (typeof kid === 'string' && typeof revokedAt === 'string') found.set(kid, revokedAt)
  }
  return found
}

/**
 * `brought`: statements and revocations that came with a receipt. They make no key believed that no believed key has signed, and
 * a key that is revoked in `given` says nothing any more.
 */
export async function believedKeys(given: KeySet, brought: Pick<KeySet, 'statements' | 'revocations'> = {}): Promise<Believed> {
  const keys = new Map<string, Bytes>()
  for (const each of given.keys) {
    const key = await rawKey(each)
    if (key) keys.set(...key)
  }
  // The agency's own list: there a key may have been revoked by one that was revoked later.
  const known = await revokedBy(keys, given.revocations ?? [])
  let waiting: Statement[] = [...(given.statements ?? []), ...(brought.statements ?? [])]
    .flatMap((jws) => readJws(jws, 'guichet-key+jws') ?? [])
    .filter(({ kid }) => !known.has(kid))
  for (let before = -1; before !== waiting.length; ) {
    before = waiting.length
    const left: Statement[] = []
    for (const statement of waiting) {
      const signer = keys.get(statement.kid)
      const key = await rawKey((statement.payload as { key?: unknown } | null)?.key)
      if (!signer || !key) left.push(statement)
      else if (await verifyEd25519(signer, statement.signature, statement.content)) keys.set(...key)
    }
    waiting = left
  }
  const good = new Map([...keys].filter(([kid]) => !known.has(kid)))
  return { keys, revoked: new Map([...(await revokedBy(good, brought.revocations ?? [])), ...known]) }
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((each) => typeof each === 'string')

/** Null for what is no such list. */
export function readKeySet(value: unknown): KeySet | null {
  const { keys, statements = [], revocations = [] } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (!Array.isArray(keys) || !isTexts(statements) || !isTexts(revocations)) return null
  return { keys: keys as KeySet['keys'], statements, revocations }
}
