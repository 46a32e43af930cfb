/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * A JSON Logic expression: a literal, a list of expressions, or an object with exactly one key, the operation,
 * whose value is its argument or the list of its arguments. docs/expressions.md lists the operations.
 */
export type Expression = null | boolean | number | string | Expression[] | { [operation: string]: Expression }

/** Field id to answer; a repeated group's answer is a list of Answers. */
export type Answers = { [field: string]: Json }
