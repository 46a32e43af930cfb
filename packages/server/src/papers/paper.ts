/** A paper before it has pages: what is said in which order, in plain data that a worker can be handed. */

/** Words with the language they are in, where that is not the paper's own. */
export interface Said {
  text: string
  language?: string
  /** Words of the paper about the answer, such as that there is none: quieter than an answer. */
  quiet?: boolean
}

export interface Pair {
  label: Said
  /** One below the other. */
  values: readonly Said[]
}

export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3 | 4 | 5 | 6; said: Said }
  | { kind: 'text'; said: Said }
  /** Questions and answers: a table of which the first column has the headings. */
  | { kind: 'pairs'; pairs: readonly Pair[] }

export interface Paper {
  title: string
  /** Who it is from. */
  author: string
  language: string
  direction: 'ltr' | 'rtl'
  /** When it was made, ISO 8601. */
  made: string
  /** At the foot of each page. */
  foot: string
  /** With `{page}` and `{pages}`. */
  pageOf: string
  blocks: readonly Block[]
}
