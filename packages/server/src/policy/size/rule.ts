import { scanJson } from '../../json.ts'
import type { AdmitRule } from '../rule.ts'

export interface SizeOptions {
  maxBytes: number
  maxDepth: number
  maxKeys: number
}

/** As people read sizes. */
const kilobytes = (bytes: number) => ({ number: Math.floor(bytes / 1024), style: 'unit', unit: 'kilobyte' })

const usual: SizeOptions = { maxBytes: 262_144, maxDepth: 32, maxKeys: 2000 }

/** Reads the body, no further than it may be long, and counts depth and keys in the bytes. Uploads are counted while they stream. */
export const size: AdmitRule<SizeOptions> = {
  name: 'size',
  stage: 'admit',
  presets: { open: usual, standard: usual, confidential: usual, sealed: usual },
  settle({ maxBytes, maxDepth, maxKeys }) {
    const tooLarge = { status: 413, code: 'too-large', params: { count: maxBytes } } as const
    return async function admitSize({ purpose, body }) {
      if (purpose !== 'submit') return null
      if (!body) return tooLarge
      if (body.declared !== null && body.declared > maxBytes) return tooLarge
      const bytes = await body.read(maxBytes)
      if (bytes === 'too-large') return tooLarge
      const { depth, keys } = scanJson(bytes)
      return depth > maxDepth || keys > maxKeys ? { status: 400, code: 'json' } : null
    }
  },
  explain: ({ maxBytes, maxDepth, maxKeys }) => ({
    citizen: [{ key: 'rule.size', params: { size: kilobytes(maxBytes) } }],
    author: [{ key: 'rule.size.author', params: { depth: maxDepth, keys: maxKeys } }],
  }),
}
