/**
 * The key of an attempt to send: 128 random bits, kept for as long as the same thing is sent, so that trying again after
 * a lost answer never makes a second submission. What has changed since is another submission, with another key.
 */
export function keyKeeper(): (sent: unknown) => string {
  let last: string | undefined
  let key = ''
  return (sent) => {
    const now = JSON.stringify(sent)
    if (now !== last) {
      last = now
      // Not crypto.randomUUID: a page on an agency's own network may be no secure context.
      key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
    }
    return key
  }
}
