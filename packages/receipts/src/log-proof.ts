/** That something is in a log, as a text that needs nobody to be checked (c2sp.org/tlog-proof). */
import { type Bytes, fromBase64, toBase64 } from './bytes.ts'

const first = 'c2sp.org/tlog-proof@v1'

export interface LogProof {
  index: number
  hashes: readonly Uint8Array[]
  /** The signed note, as the log gave it. */
  checkpoint: string
}

export const writeLogProof = ({ index, hashes, checkpoint }: LogProof): string =>
  `${first}\nindex ${index}\n${hashes.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`

/** Null for what is no proof. */
export function readLogProof(text: string): LogProof | null {
  const split = text.indexOf('\n\n')
  if (split < 0) return null
  const [head, ...lines] = text.slice(0, split).split('\n')
  if (head !== first) return null
  // We give no extra data, and nothing is built on that of others.
  if (lines[0]?.startsWith('extra ') && fromBase64(lines[0].slice('extra '.length))) lines.shift()
  const [, index] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '') ?? []
  if (index === undefined || !Number.isSafeInteger(Number(index)) || lines.length > 63) return null
  const hashes: Bytes[] = []
  for (const line of lines) {
    const hash = fromBase64(line)
    if (hash?.length !== 32) return null
    hashes.push(hash)
  }
  return { index: Number(index), hashes, checkpoint: text.slice(split + 2) }
}
