import { Refused } from '../problem.ts'

/** How something is refused; null: it is not. Whatever else goes wrong is thrown. For tests. */
export const refusalOf = (work: () => unknown): Promise<object | null> =>
  (async () => work())().then(
    () => null,
    (error) => {
      if (!(error instanceof Refused)) throw error
      return { status: error.status, code: error.code, ...error.extras }
    },
  )
