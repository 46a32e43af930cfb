/**
 * The 201 to a submission, and the shorter form in which it is kept for whoever asks again: what the receipt says stands in
 * its signed form already. Kept whole it would be the second largest part of a case.
 */
const short = '"receipt":{"jws":"'

/** `facts`: all but the receipt. */
export const keptAnswer = (facts: object, receipt: { jws: string; checkpoint?: string }): string =>
  JSON.stringify({ ...facts, receipt: { jws: receipt.jws, ...(receipt.checkpoint === undefined ? {} : { checkpoint: receipt.checkpoint }) } })

/** The same bytes each time. What an earlier version kept is whole. */
export function wholeAnswer(kept: string): Uint8Array {
  // The receipt comes last, and inside of a text its quotes would be escaped.
  const at = kept.lastIndexOf(short)
  if (at < 0) return Buffer.from(kept)
  const jws = kept.slice(at + short.length, kept.indexOf('"', at + short.length))
  // Compact JWS (RFC 7515): header, payload and signature.
  const payload = Buffer.from(jws.split('.')[1] as string, 'base64url').toString()
  return Buffer.from(`${kept.slice(0, at)}"receipt":{"payload":${payload},${kept.slice(at + '"receipt":{'.length)}`)
}
