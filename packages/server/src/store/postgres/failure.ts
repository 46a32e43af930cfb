/** What went wrong in the database, and what it means for the transaction. Messages carry no values of rows: they are logged. */

/** The database could not be reached, or its answer was lost. */
export class Unreachable extends Error {
  readonly code = 'STORE_UNREACHABLE'
  /** A commit was on its way: nobody knows yet whether it took place. */
  readonly unsure: boolean
  constructor(why: string, unsure: boolean) {
    super(`The database cannot be reached: ${why}`)
    this.unsure = unsure
  }
}

/** The database refused. `code` is its SQLSTATE, or what a full disk is called elsewhere. */
export class StoreFailure extends Error {
  readonly code: string
  readonly constraint: string | undefined
  constructor(sqlState: string, constraint: string | undefined) {
    super(`The database refused: ${sqlState}${constraint ? ` (${constraint})` : ''}`)
    this.code = sqlState === '53100' ? 'ENOSPC' : sqlState
    this.constraint = constraint
  }
}

/** Under what the driver and drizzle wrap around it. */
function rootOf(error: unknown): { code?: unknown; message?: unknown; constraint?: unknown } {
  let at = error
  for (let depth = 0; depth < 5 && at instanceof Error && at.cause instanceof Error; depth++) at = at.cause
  return at instanceof Error ? (at as { code?: unknown }) : {}
}

/**
 * Codes that say the session is gone or of no use: connection errors, a server that shuts down, starts, is full, or has
 * become a standby that only reads.
 */
const gone = /^(08...|57P0[1-5]|53300|25006|E[A-Z]+)$/
/** The driver's own errors have no code. */
const dropped = /^(Connection terminated|Client (has encountered|was closed)|timeout exceeded|Query read timeout|The server does not support)/

export const sqlStateOf = (error: unknown): string | undefined => {
  const { code } = rootOf(error)
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : undefined
}

/** Null: it is no matter of the connection. */
export function lostConnection(error: unknown): string | null {
  const { code, message } = rootOf(error)
  if (typeof code === 'string') return gone.test(code) && code !== 'ENOSPC' && code !== 'EIO' ? code : null
  return typeof message === 'string' && dropped.test(message) ? message : null
}

/** Others had the same rows; the whole transaction is to be run again. CockroachDB says so in everyday work. */
export const mustRepeat = (error: unknown) => ['40001', '40P01'].includes(sqlStateOf(error) ?? '')

/** Says only that an earlier statement of the transaction failed. */
export const isAftermath = (error: unknown) => sqlStateOf(error) === '25P02'

/** As it may be thrown and logged. */
export function plainFailure(error: unknown): unknown {
  const state = sqlStateOf(error)
  if (state === undefined) return error
  const { constraint } = rootOf(error)
  return new StoreFailure(state, typeof constraint === 'string' ? constraint : undefined)
}
