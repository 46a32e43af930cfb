/**
 * What a sealed submission is made of, and what everybody can check of it without opening it. The server checks with the
 * same functions as officers' browsers; nothing here needs a key.
 */
import type { Answers, SealedManifest, SealedPart } from '@guichet/schemas'

export type { SealedManifest, SealedPart } from '@guichet/schemas'

/** How everything is sealed. It stands in every envelope, so that another way can follow. */
export const suiteName = 'HPKE-X25519-SHA256-AES256GCM'

/** Answers are filled up to one of these, in bytes, so that the size says little about what was answered. */
export const sizes: readonly number[] = [4096, 16_384, 65_536, 262_144]
/** Bytes of a nonce and a tag, which the sealed answers are longer by. */
export const sealedOverhead = 28

/** What every part of a case is bound to. */
export type Place = Pick<SealedManifest, 'agency' | 'service' | 'version' | 'case'>
const placeOf = ({ agency, service, version, case: one }: Place) => `${agency}|${service}|${version}|${one}`

/** What the data key is sealed for, to one recipient. */
export const keyInfo = (place: Place, recipient: string): string => `guichet sealed key 1|${placeOf(place)}|${recipient}`
/** What the answers' box is for. */
export const bodyInfo = (place: Place): string => `guichet sealed answers 1|${placeOf(place)}`
/** What a file is sealed for: it is sealed before there is a case. */
export const fileInfo = ({ agency, service }: Pick<Place, 'agency' | 'service'>): string => `guichet sealed file 1|${agency}|${service}`

/** How every sealed file begins: what it is, and in which format. */
export const fileMark: Uint8Array = new TextEncoder().encode('guichet sealed file 1\n')
/** Files are sealed in pieces of so many bytes. */
export const pieceBytes = 65_536
export const tagBytes = 16
export const fileHeadBytes: number = fileMark.length + 32

/** Bytes of a file once it is sealed. */
export const sealedSize = (size: number): number => fileHeadBytes + size + tagBytes * Math.max(1, Math.ceil(size / pieceBytes))

/** Where files of fields are sent: which field it is, the server need not know. */
export const sealedTarget = 'sealed'

/** What the server sees of the answers, as the manifest's digest is of it. */
export interface ClearPart {
  language: string
  answers: Answers
  documents: Readonly<Record<string, readonly string[]>>
  atDesk: readonly string[]
}
export const clearPart = ({ language, answers, documents, atDesk }: Partial<ClearPart> & Pick<ClearPart, 'language' | 'answers'>): ClearPart => ({
  language,
  answers,
  documents: documents ?? {},
  atDesk: atDesk ?? [],
})

/** The case's number ends in these 16 characters, which the browser chose: a part cannot be put into another case. */
export const caseLength = 16
export const isOfCase = (submission: string, { case: one }: Pick<SealedManifest, 'case'>): boolean => submission.length > caseLength && submission.endsWith(one)

/** What a sealed submission must agree with. */
export interface Expected {
  agency: string
  service: string
  version: number
  /** Digest of the definition. */
  definition: string
  /** Digest of the policy. */
  policy: string
  suite: string
  /** Digest of the canonical JSON of the clear part. */
  clear: string
  /** Digest of the sealed answers. */
  body: string
  /** Ids of the recipients' keys that it may be sealed to: one of these sets, and all of its keys. */
  recipients: readonly (readonly string[])[]
  /** The files that came, as the server received them. */
  files: readonly { id: string; size: number; digest: string }[]
}

export type Disagreement = 'service' | 'version' | 'suite' | 'clear' | 'size' | 'body' | 'recipients' | 'files'

const sameSet = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && new Set(one).size === one.length && one.every((each) => other.includes(each))

/** The first thing in which it does not agree; null: it does. */
export function disagreement({ manifest, keys, body }: SealedPart, expected: Expected): Disagreement | null {
  if (manifest.agency !== expected.agency || manifest.service !== expected.service) return 'service'
  if (manifest.version !== expected.version || manifest.definition !== expected.definition || manifest.policy !== expected.policy) return 'version'
  if (manifest.suite !== expected.suite) return 'suite'
  if (manifest.clear !== expected.clear) return 'clear'
  // Base64url without padding: the length says how many bytes there are.
  if (!sizes.includes(manifest.body.size) || Math.floor((body.length * 3) / 4) !== manifest.body.size + sealedOverhead) return 'size'
  if (manifest.body.digest !== expected.body) return 'body'
  const named = keys.map(({ recipient }) => recipient)
  if (!sameSet(named, manifest.recipients) || !expected.recipients.some((set) => sameSet(set, manifest.recipients))) return 'recipients'
  const files = manifest.files.map(({ id, size, digest }) => `${id} ${size} ${digest}`)
  const came = expected.files.map(({ id, size, digest }) => `${id} ${size} ${digest}`)
  return sameSet(files, came) ? null : 'files'
}
