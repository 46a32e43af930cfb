import { clamd } from './clamd/clamd.ts'
import type { Scanner, ScannerKind } from './scanner.ts'

/** By the scheme of SCANNER_URL. */
export const scannerKinds: Readonly<Record<string, ScannerKind>> = { clamd }

/** Null: no scanner is set up. */
export function openScanner(address: string | null): Scanner | null {
  if (address === null) return null
  const url = new URL(address)
  const kind = scannerKinds[url.protocol.slice(0, -1)]
  if (!kind) throw new Error(`there is no scanner ${url.protocol}`)
  return kind(url)
}
