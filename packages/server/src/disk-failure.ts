/**
 * What is done when a disk fails to keep what it was given. A failed write or sync is not tried again: the kernel may have
 * dropped the pages that it could not write, and a second sync then succeeds without them. So from the first failure on
 * nothing is acknowledged any more, health says no, and the process ends; after the next start the database recovers what
 * is really there. PostgreSQL does the same (data_sync_retry = off).
 */

export interface Disk {
  /** False until a write or sync has failed; then for ever true. */
  readonly failed: boolean
  /** Takes note of an error if it is the disk's. */
  report(error: unknown): void
  /** The same object, but every error of its methods, and of the objects they give, is reported before its caller sees it. */
  watch<T extends object>(adapter: T): T
}

/** The error under what drivers wrap around it. */
export function rootOf(error: unknown): { code?: string; errcode?: number } {
  let at = error
  for (let depth = 0; depth < 5 && at instanceof Error && at.cause !== undefined; depth++) at = at.cause
  return at instanceof Error ? (at as { code?: string; errcode?: number }) : {}
}

/** SQLITE_IOERR, SQLITE_CORRUPT and SQLITE_NOTADB in any of their kinds: a file that is not what was written is no better kept than one that could not be. */
const failures: ReadonlySet<number> = new Set([10, 11, 26])

/** EIO of the system, or what SQLite says of a disk that did not keep what it was given. */
export function isDiskFailure(error: unknown): boolean {
  const { code, errcode } = rootOf(error)
  return code === 'EIO' || (errcode !== undefined && failures.has(errcode & 0xff))
}

/** `fatal` is called once, at the first failure. */
export function watchDisk(fatal: (error: unknown) => void): Disk {
  let failed = false
  const watched = new WeakMap<object, object>()

  const report = (error: unknown) => {
    if (failed || !isDiskFailure(error)) return
    failed = true
    fatal(error)
  }
  const fail = (error: unknown): never => {
    report(error)
    throw error
  }
  const inspect = (result: unknown): unknown => {
    if (result instanceof Promise) return result.then(undefined, fail)
    return isPlain(result) ? watch(result) : result
  }
  const watch = <T extends object>(adapter: T): T => {
    const before = watched.get(adapter)
    if (before) return before as T
    // A submission calls a dozen methods: each is wrapped once.
    const wrapped = new WeakMap<object, unknown>()
    const proxy = new Proxy(adapter, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        let method = wrapped.get(value)
        if (!method) {
          method = (...args: unknown[]) => {
            try {
              return inspect(value.apply(target, args))
            } catch (error) {
              return fail(error)
            }
          }
          wrapped.set(value, method)
        }
        return method
      },
    })
    watched.set(adapter, proxy)
    return proxy
  }
  return {
    get failed() {
      return failed
    },
    report,
    watch,
  }
}

/** Adapters are plain objects of functions; streams and rows are left as they are. */
const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
