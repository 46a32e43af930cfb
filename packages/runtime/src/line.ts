/** Waiting for the line to come back. */
import { Refused } from './transport.ts'

/** A server that answers, and each time that it cannot: after so many times the person is told. */
export const mostRefusals = 8

/** Ends when the browser says that it is online again, and in any case after a time that grows with the tries. */
export const line = (tries: number) =>
  new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer)
      removeEventListener('online', end)
      resolve()
    }
    const timer = setTimeout(end, Math.min(30_000, 1000 * 2 ** tries))
    addEventListener('online', end)
  })

/** Ends when it is called off. */
export const aborted = (signal: AbortSignal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

/** There is no room for it, now or in a minute. */
export const isFull = (error: unknown): boolean => error instanceof Refused && error.problem.status === 507

/** Whether trying the same again may end otherwise: no answer, or one that says "not now". */
export const mayComeThrough = (error: unknown): boolean => {
  if (!(error instanceof Refused)) return true
  const { status, type } = error.problem
  return status >= 500 || [408, 425, 429].includes(status) || (status === 409 && type.endsWith('/key-running'))
}
