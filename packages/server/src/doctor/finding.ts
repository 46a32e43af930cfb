/** What one look of the doctor showed. */
export interface Finding {
  state: 'ok' | 'warn' | 'wrong'
  /** What was looked at. */
  what: string
  /** What was found. */
  said: string
  /** What to do about it; none where it is ok. */
  todo?: string
}

export const ok = (what: string, said: string): Finding => ({ state: 'ok', what, said })
export const warn = (what: string, said: string, todo: string): Finding => ({ state: 'warn', what, said, todo })
export const wrong = (what: string, said: string, todo: string): Finding => ({ state: 'wrong', what, said, todo })

export const lineOf = ({ state, what, said, todo }: Finding) =>
  `${{ ok: 'ok   ', warn: 'warn ', wrong: 'WRONG' }[state]}  ${what.padEnd(18)} ${said}${todo ? ` — ${todo}` : ''}`

/** Messages of errors may quote what a citizen sent; their kind says enough. */
export const kindOf = (error: unknown) => {
  // What SQLite calls the kind: the code is the same for all of them.
  const { errstr, code } = error as NodeJS.ErrnoException & { errstr?: string }
  return errstr ?? code ?? (error instanceof Error ? error.message.split('\n')[0] : 'unknown')
}
