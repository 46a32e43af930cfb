/** Which keys are believed: those that somebody got from the agency, and those that one of them has vouched for since. */
import { type Bytes, equal, fromBase64Url, sha256, textOf, toBase64Url, utf8 } from './bytes.ts'
import { canonical } from './canonical.ts'
import { verifyEd25519 } from './note.ts'

/** As `/.well-known/guichet/keys.json` has them. */
export interface KeySet {
  keys: readonly { x: string; kid: string }[]
  statements?: readonly string[]
}

/** Raw public keys by their name. */
export type Trusted = ReadonlyMap<string, Bytes>

/** RFC 7638: a key's name is made of the key, so that nobody gives his the name of another. */
export const thumbprint = async (x: string): Promise<string> => toBase64Url(await sha256(utf8(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`)))

/** What was signed, if it has the one form that a compact JWS of ours has. The signature is not checked. */
export function readJws(jws: string, type: string): { kid: string; payload: unknown; content: Bytes; signature: Bytes } | null {
  const [head = '', body = '', end = '', ...more] = jws.split('.')
  const [header, payload, signature] = [head, body, end].map((part) => fromBase64Url(part))
  if (more.length > 0 || !header || !payload || signature?.length !== 64) return null
  try {
    const says = JSON.parse(textOf(header) ?? '') as { kid?: unknown }
    const value: unknown = JSON.parse(textOf(payload) ?? '')
    if (typeof says.kid !== 'string') return null
    // Whatever else stood there would be signed, and not looked at.
    if (!equal(header, utf8(canonical({ alg: 'Ed25519', kid: says.kid, typ: type }))) || !equal(payload, utf8(canonical(value)))) return null
    return { kid: says.kid, payload: value, content: utf8(`${head}.${body}`), signature }
  } catch {
    return null
  }
}

async function rawKey(key: unknown): Promise<[kid: string, raw: Bytes] | null> {
  const { x, kid } = (typeof key === 'object' && key !== null ? key : {}) as { x?: unknown; kid?: unknown }
  const raw = typeof x === 'string' ? fromBase64Url(x) : null
  return typeof x === 'string' && raw?.length === 32 && kid === (await thumbprint(x)) ? [kid, raw] : null
}

/** `more`: statements that came with a receipt. They make no key believed that no believed key has signed. */
export async function trustedKeys(given: KeySet, more: readonly string[] = []): Promise<Trusted> {
  const trusted = new Map<string, Bytes>()
  for (const each of given.keys) {
    const key = await rawKey(each)
    if (key) trusted.set(...key)
  }
  let waiting = [...(given.statements ?? []), ...more].flatMap((jws) => readJws(jws, 'guichet-key+jws') ?? [])
  for (let before = -1; before !== waiting.length; ) {
    before = waiting.length
    const left: typeof waiting = []
    for (const statement of waiting) {
      const signer = trusted.get(statement.kid)
      const key = await rawKey((statement.payload as { key?: unknown } | null)?.key)
      if (!signer || !key) left.push(statement)
      else if (await verifyEd25519(signer, statement.signature, statement.content)) trusted.set(...key)
    }
    waiting = left
  }
  return trusted
}

/** Null for what is no such list. */
export function readKeySet(value: unknown): KeySet | null {
  const { keys, statements = [] } = (typeof value === 'object' && value !== null ? value : {}) as { keys?: unknown; statements?: unknown }
  if (!Array.isArray(keys) || !Array.isArray(statements) || !statements.every((each) => typeof each === 'string')) return null
  return { keys: keys as KeySet['keys'], statements: statements as string[] }
}
