/** Requests that no honest client sends: lengths that lie, encodings that nobody asked for, bytes that are no HTTP. */
import type { Reach } from './every-route.ts'

export interface RawRequest {
  name: string
  /** What may be answered; null: the connection ends without an answer. */
  statuses: readonly (number | null)[]
  /** Whether the connection must be over after it; without a word either is good. */
  ends?: boolean
  /** Whether our side ends once all is sent. */
  halfClose?: boolean
  /** Whether the client goes on sending after the answer. */
  stubborn?: boolean
  parts(): Iterable<string | Uint8Array>
}

const piece = 'x'.repeat(16_384)
/** Far more than any route takes, made while it is sent. */
const flood = 4 * 2 ** 20

/** What a route that takes a body is asked. */
export function rawRequests(method: string, { address, headers, body, limit, unread }: Reach): RawRequest[] {
  const content = Buffer.from(body ?? '')
  const tooLong = { statuses: [413], ends: true }
  const of = (more: Record<string, string>, without: readonly string[] = []) =>
    Object.entries({ Host: 'localhost', ...headers, ...more })
      .filter(([name]) => !without.includes(name))
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')
  const head = (more: Record<string, string>, { path = address, verb = method, version = 'HTTP/1.1', without = [] as string[], lines = '' } = {}) =>
    `${verb} ${path} ${version}\r\n${of(more, without)}${lines}\r\n`
  const length = String(content.length)
  const whole = (more: Record<string, string>, options: Parameters<typeof head>[1] = {}) => [head({ 'Content-Length': length, ...more }, options), content]
  const chunk = (data: string | Uint8Array) => Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), Buffer.from(data), Buffer.from('\r\n')])
  const chunked = { 'Transfer-Encoding': 'chunked' }
  function* flooding(first: string, wrap: (data: string) => string | Uint8Array) {
    yield first
    for (let sent = 0; sent < flood; sent += piece.length) yield wrap(piece)
  }
  /** The connection ends, and what was sent is refused as no request. */
  const no = { statuses: [400], ends: true }
  const lengthOf = (value: string): RawRequest => ({ name: `Content-Length: ${value}`, ...no, parts: () => [head({ 'Content-Length': value }), content] })
  const codingOf = (value: string, statuses: readonly number[]): RawRequest => ({
    name: `Transfer-Encoding: ${value}`,
    statuses,
    ends: true,
    parts: () => [head({ 'Transfer-Encoding': value }), chunk(content), '0\r\n\r\n'],
  })
  const chunks = (name: string, data: string, more: Partial<RawRequest> = {}): RawRequest => ({ name, ...no, parts: () => [head(chunked), data], ...more })
  /** The route's own answer to a body that is whole, whatever it is. */
  const own = [200, 201, 202, 204, 400, 401, 403, 404, 409, 412, 415, 422, 429]

  const all: RawRequest[] = [
    {
      name: 'longer than allowed',
      ...tooLong,
      stubborn: true,
      parts: () => flooding(head({ 'Content-Length': String(flood) }), (data) => data),
    },
    { name: 'longer than allowed, declared and not sent', ...tooLong, parts: () => [head({ 'Content-Length': String(limit + 70_000) })] },
    {
      name: 'longer than allowed, asking before',
      ...tooLong,
      parts: () => [head({ 'Content-Length': String(flood), Expect: '100-continue' })],
    },
    { name: 'longer than allowed, in chunks', ...tooLong, stubborn: true, parts: () => flooding(head(chunked), chunk) },
    { name: 'asking before', statuses: own, parts: () => whole({ Expect: '100-continue' }) },
    { name: 'another expectation', statuses: [417], ends: true, parts: () => whole({ Expect: 'a miracle' }) },
    { name: 'longer than declared', statuses: [...own, 413], parts: () => [...whole({}), 'what follows is no request'] },
    { name: 'shorter than declared', ...no, halfClose: true, parts: () => [head({ 'Content-Length': String(content.length + 10) }), content] },
    ...['abc', '-1', '+2', '2, 2', '0x10', '1e3', '2.0', '', '99999999999999999999', '2 2'].map(lengthOf),
    { name: 'two lengths', ...no, parts: () => [head({ 'Content-Length': length }, { lines: 'Content-Length: 1\r\n' }), content] },
    { name: 'the same length twice', ...no, parts: () => [head({ 'Content-Length': length }, { lines: `Content-Length: ${length}\r\n` }), content] },
    { name: 'length and chunks', ...no, parts: () => [head({ 'Content-Length': length, ...chunked }), chunk(content), '0\r\n\r\n'] },
    { name: 'chunks and length', ...no, parts: () => [head({ ...chunked, 'Content-Length': length }), chunk(content), '0\r\n\r\n'] },
    codingOf('gzip, chunked', [501]),
    codingOf('identity, chunked', [501]),
    codingOf('gzip', [400]),
    codingOf('identity', [400]),
    codingOf('xchunked', [400]),
    codingOf('chunked, chunked', [400, 501]),
    codingOf('chunked, gzip', [400]),
    { name: 'a space before the colon', ...no, parts: () => [head({}, { lines: 'Transfer-Encoding : chunked\r\n' }), chunk(content), '0\r\n\r\n'] },
    chunks('a chunk of no number', 'zz\r\n{}\r\n0\r\n\r\n'),
    chunks('a chunk below nothing', '-2\r\n{}\r\n0\r\n\r\n'),
    chunks('a chunk beyond counting', 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n'),
    chunks('a chunk longer than it says', '1\r\n{}\r\n0\r\n\r\n'),
    chunks('chunks without an end', '2\r\n{}\r\n', { halfClose: true }),
    chunks('notes on a chunk without end', `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`, { statuses: [400, 413] }),
    chunks('headers behind the chunks without end', `0\r\n${'X: y\r\n'.repeat(20_000)}\r\n`, { statuses: [400, 431] }),
    ...['gzip', 'br', 'deflate, gzip', 'x'].map(
      (encoding): RawRequest => ({ name: `Content-Encoding: ${encoding}`, statuses: [415], parts: () => whole({ 'Content-Encoding': encoding }) }),
    ),
    { name: 'no type', statuses: own, parts: () => whole({}, { without: ['Content-Type'] }) },
    { name: 'another type', statuses: own, parts: () => whole({ 'Content-Type': 'multipart/form-data; boundary=x' }) },
    { name: 'a long header', statuses: [431], ends: true, parts: () => whole({ 'X-Long': 'a'.repeat(20_000) }) },
    { name: 'many headers', statuses: [431], parts: () => whole({}, { lines: Array.from({ length: 150 }, (_, i) => `X-${i}: a\r\n`).join('') }) },
    { name: 'a header without a colon', ...no, parts: () => whole({}, { lines: 'nothing\r\n' }) },
    { name: 'NUL in a header', ...no, parts: () => whole({}, { lines: 'X-Nul: a\0b\r\n' }) },
    { name: 'CR in a header', ...no, parts: () => whole({}, { lines: 'X-Cr: a\rb\r\n' }) },
    { name: 'a folded header', ...no, parts: () => whole({}, { lines: 'X-Fold: a\r\n b\r\n' }) },
    { name: 'lines without CR', ...no, parts: () => [head({ 'Content-Length': length }).replaceAll('\r', ''), content] },
    { name: 'a method that is none', ...no, parts: () => whole({}, { verb: 'FETCH' }) },
    { name: 'a method of nobody here', statuses: [405], parts: () => whole({}, { verb: 'PROPFIND' }) },
    { name: 'TRACE', statuses: [405], parts: () => whole({}, { verb: 'TRACE' }) },
    { name: 'CONNECT', statuses: [null], ends: true, parts: () => whole({}, { verb: 'CONNECT' }) },
    { name: 'half a character in the path', statuses: [404, 405], parts: () => whole({}, { path: '/v1/services/%zz/%ff%fe' }) },
    { name: 'NUL in the path', statuses: [403, 404, 405], parts: () => whole({}, { path: address.replace(/[^/?]+(?=\?|$)/, '%00') }) },
    { name: 'a backslash in the path', ...no, parts: () => whole({}, { path: `\\${address}` }) },
    { name: 'no path', ...no, parts: () => whole({}, { path: '*' }) },
    { name: 'another address than ours', ...no, parts: () => whole({}, { path: 'http://[::1' }) },
    { name: 'a long address', statuses: [414], parts: () => whole({}, { path: `${address}${address.includes('?') ? '&' : '?'}q=${'a'.repeat(5000)}` }) },
    { name: 'a long query', statuses: [414], parts: () => whole({}, { path: `${address}${address.includes('?') ? '&' : '?'}${'a&'.repeat(50)}` }) },
    { name: 'no host', ...no, parts: () => whole({}, { without: ['Host'] }) },
    { name: 'a host that is none', ...no, parts: () => whole({ Host: 'a b/c@d' }) },
    { name: 'HTTP/1.0', statuses: own, ends: true, parts: () => whole({}, { version: 'HTTP/1.0' }) },
    { name: 'a version of the future', ...no, parts: () => whole({}, { version: 'HTTP/3.7' }) },
    { name: 'HTTP/2', ...no, parts: () => ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'] },
    { name: 'TLS', ...no, parts: () => [Buffer.from('1603010200010001fc0303', 'hex')] },
    {
      name: 'a body where none belongs',
      statuses: [200, 401, 403, 404, 405],
      ends: true,
      stubborn: true,
      parts: () => flooding(head({ 'Content-Length': String(flood) }, { verb: 'GET' }), (data) => data),
    },
    { name: 'two at once', statuses: own, parts: () => [...whole({}), ...whole({})] },
  ]
  // Whoever answers before reading says so whatever the body is, and need not end what it has read nothing of.
  return unread === null ? all : all.map(({ ends: _, ...request }) => ({ ...request, statuses: [...request.statuses, unread] }))
}
