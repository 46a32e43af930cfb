/** What an agency says of an OpenID Connect provider. */
import { isLevel, type Level, type ProviderSettings } from '../sign-in.ts'

export interface OpenIdSettings {
  id: string
  title: Readonly<Record<string, string>>
  /** As the provider writes it: compared letter by letter. */
  issuer: string
  clientId: string
  /** Null: a public client, by PKCE alone. */
  clientSecret: string | null
  /** Where the secret is sent to the provider. */
  secretIn: 'header' | 'body'
  scopes: readonly string[]
  /** Signature algorithms that are taken: none that a shared secret, or nobody, signs with. */
  algorithms: readonly string[]
  /** `acr` that the provider states, to the level that it means. */
  levels: Readonly<Record<string, Level>>
  /** The level of who comes without an `acr`; null: such a statement is not taken. */
  assumedLevel: Level | null
  /** Claims that may be used, beside who it is. */
  claims: readonly string[]
  /** The person must have signed in at the provider within so many seconds; null: whenever. */
  maxAgeSeconds: number | null
}

/** With a key pair: whoever checks cannot sign. */
const asymmetric = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const usualClaims = ['name', 'given_name', 'family_name', 'birthdate', 'email', 'phone_number']
const known = new Set([
  'id',
  'kind',
  'title',
  'issuer',
  'clientId',
  'clientSecret',
  'secretIn',
  'scopes',
  'algorithms',
  'levels',
  'assumedLevel',
  'claims',
  'maxAgeSeconds',
])

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string' && each.length > 0 && each.length < 200)

/** @throws Error that says what is wrong, without repeating a value */
export function readSettings(given: ProviderSettings): OpenIdSettings {
  const need = (holds: boolean, what: string) => {
    if (!holds) throw new Error(what)
  }
  const {
    id,
    title,
    issuer,
    clientId,
    clientSecret = null,
    secretIn = 'header',
    scopes = ['openid', 'profile'],
    algorithms = ['RS256'],
    levels = {},
    assumedLevel = null,
    claims = usualClaims,
    maxAgeSeconds = null,
  } = given
  const stranger = Object.keys(given).find((key) => !known.has(key))
  need(stranger === undefined, `has a setting that is not known: ${stranger}`)
  need(typeof issuer === 'string' && URL.canParse(issuer) && !new URL(issuer).search && !new URL(issuer).hash, 'needs an issuer, an address without ? and #')
  need(typeof clientId === 'string' && clientId !== '', 'needs a clientId')
  need(
    clientSecret === null || (typeof clientSecret === 'string' && clientSecret.length >= 8),
    'needs a clientSecret by reference: {"file": ...} or {"env": ...}',
  )
  need(secretIn === 'header' || secretIn === 'body', 'has a secretIn that is neither "header" nor "body"')
  need(isTexts(scopes) && scopes.includes('openid'), 'needs scopes with "openid" among them')
  need(
    isTexts(algorithms) && algorithms.length > 0 && algorithms.every((each) => asymmetric.includes(each)),
    `takes an algorithm that is none of ${asymmetric.join(', ')}`,
  )
  need(typeof levels === 'object' && levels !== null && Object.values(levels).every(isLevel), 'has levels that are not "low", "substantial" or "high"')
  need(assumedLevel === null || isLevel(assumedLevel), 'has an assumedLevel that is no level')
  need(Object.keys(levels as object).length > 0 || assumedLevel !== null, 'needs levels, or an assumedLevel')
  need(isTexts(claims), 'has claims that are no list of names')
  need(maxAgeSeconds === null || (Number.isInteger(maxAgeSeconds) && (maxAgeSeconds as number) >= 0), 'has a maxAgeSeconds that is no whole number')
  return { id, title, issuer, clientId, clientSecret, secretIn, scopes, algorithms, levels, assumedLevel, claims, maxAgeSeconds } as OpenIdSettings
}
