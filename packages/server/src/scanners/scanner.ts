/**
 * Somebody who knows what is infected. Asked when a file comes and again before it is handed out, so that what became
 * known in between counts; what nobody could be asked about is handed out to nobody. docs/operations.md says how one is
 * set up, and a new one is a folder beside this and a line in scanners.ts.
 */
export interface Scanner {
  /** @throws ScannerDown when it cannot say: never taken for "clean" */
  scan(content: ReadableStream<Uint8Array>, signal?: AbortSignal): Promise<'clean' | 'infected'>
}

export class ScannerDown extends Error {}

/** Makes a scanner of its address. */
export type ScannerKind = (address: URL) => Scanner
