/** The log of an agency as anyone may read it (c2sp.org/tlog-tiles): hashes and signatures, never an event. */
import { toBase64 } from '@guichet/receipts'
import { tilesOf } from '../audit/audit-log.ts'
import { consistencyProof, tileWidth } from '../audit/tree.ts'
import { Refused } from '../problem.ts'
import type { Call, Route } from './route.ts'
import * as schemas from './schemas.ts'

const prefix = '/.well-known/guichet/log/{agency}'
const agency = { agency: 'Name of the agency.' }
const missing = (): never => {
  throw new Refused(404, 'not-found')
}
const none = { 404: { description: 'There is no such agency, or nothing was signed yet.' } }

/** The agency and the newest that was signed about its log. @throws Refused */
async function logOf(call: Call) {
  const id = (await call.adapters.store.findAgency(call.param('agency'))) ?? missing()
  const newest = (await call.adapters.auditLog.current(id)) ?? missing()
  return { queries: call.adapters.store.agency(id), newest }
}

/** Level, number and width of a tile's address: `0/x001/234.p/56` is of level 0, number 1234, and 56 wide. */
export function readTilePath(path: string): { level: number; number: number; width: number } | null {
  const [, level = '', thousands = '', last = '', width] = /^(0|[1-9]\d?)\/((?:x\d{3}\/){0,4})(\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? []
  if (last === '' || Number(level) > 63 || (width !== undefined && Number(width) >= tileWidth) || thousands.startsWith('x000')) return null
  return { level: Number(level), number: Number(thousands.replace(/[x/]/g, '') + last), width: width === undefined ? tileWidth : Number(width) }
}

export const logRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${prefix}/checkpoint`,
    id: 'logCheckpoint',
    tag: 'system',
    summary: 'What was last signed about an agency’s audit log: its size and the root of its hash tree (c2sp.org/tlog-checkpoint).',
    access: 'public',
    params: agency,
    answers: { 200: { description: 'A signed note.', type: 'text/plain', schema: { type: 'string' } }, ...none },
    async handle(call) {
      const { newest } = await logOf(call)
      call.c.header('Cache-Control', 'no-cache')
      return call.c.text(newest.note)
    },
  },
  {
    method: 'GET',
    path: `${prefix}/tile/{path+}`,
    id: 'logTile',
    tag: 'system',
    summary: 'Hashes of the tree (c2sp.org/tlog-tiles), from which anyone makes any proof.',
    access: 'public',
    params: { ...agency, path: 'Level and number of the tile, such as 0/x001/234 or 1/000.p/17.' },
    answers: { 200: { description: 'Up to 256 hashes of 32 bytes.', type: 'application/octet-stream', schema: { type: 'string', format: 'binary' } }, ...none },
    async handle(call) {
      const { queries, newest } = await logOf(call)
      const { level, number, width } = readTilePath(call.param('path')) ?? missing()
      // What nobody has signed yet is not given out.
      if (number * tileWidth + width > Math.floor(newest.size / tileWidth ** level)) missing()
      const [hashes] = await queries.logTiles([{ level, number }])
      if (!hashes || hashes.length < width * 32) return missing()
      call.c.header('Cache-Control', 'public, max-age=31536000, immutable')
      return call.c.body(new Uint8Array(hashes.subarray(0, width * 32)), 200, { 'Content-Type': 'application/octet-stream' })
    },
  },
  {
    method: 'GET',
    path: `${prefix}/consistency/{first}/{second}`,
    id: 'logGrowth',
    tag: 'system',
    summary: 'Proof that the log of one size is the beginning of the log of another (RFC 6962, 2.1.2), for who would rather not make it of tiles.',
    access: 'public',
    params: { ...agency, first: 'The smaller size.', second: 'The larger size.' },
    answers: { 200: { description: 'The proof.', schema: schemas.growth }, ...none },
    async handle(call) {
      const { queries, newest } = await logOf(call)
      const [first, second] = [call.param('first'), call.param('second')].map((size) => (/^[1-9]\d{0,15}$/.test(size) ? Number(size) : Number.NaN)) as [
        number,
        number,
      ]
      if (!(first <= second && second <= newest.size)) return missing()
      const proof = await consistencyProof(first, second, tilesOf(queries))
      call.c.header('Cache-Control', 'public, max-age=31536000, immutable')
      return call.c.json({ first, second, proof: proof.map(toBase64) })
    },
  },
]
