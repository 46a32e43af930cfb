/** Text under AES-256-GCM, padded so that its size says little about what was answered. */
export type Sealed = Uint8Array<ArrayBuffer>

const ivBytes = 12
/** What sealed text is filled up to. Longer text than the last is not taken. */
const sizes = [4096, 16_384, 65_536, 262_144]

export class TooLong extends Error {}

/** `place`: what the box is for; opened elsewhere, it stays shut. @throws TooLong */
export async function sealText(key: CryptoKey, text: string, place: string): Promise<Sealed> {
  const bytes = new TextEncoder().encode(text)
  const size = sizes.find((each) => each >= bytes.length)
  if (size === undefined) throw new TooLong()
  // Blanks after JSON mean nothing, so nobody has to take them off.
  const padded = new Uint8Array(size).fill(32)
  padded.set(bytes)
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) }, key, padded)
  const out = new Uint8Array(ivBytes + sealed.byteLength)
  out.set(iv)
  out.set(new Uint8Array(sealed), ivBytes)
  return out
}

/** @throws if the key or the place is another, or a bit was changed */
export async function openText(key: CryptoKey, sealed: Sealed, place: string): Promise<string> {
  const iv = sealed.subarray(0, ivBytes)
  const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) }, key, sealed.subarray(ivBytes))
  return new TextDecoder().decode(opened)
}
