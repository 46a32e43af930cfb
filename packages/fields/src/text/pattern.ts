import { compilePattern } from '#pattern-engine'

/** The pattern so that it must match the whole answer. */
export const wholePattern = (pattern: string): string => `^(?:${pattern})$`

/** Whether JavaScript takes it for a pattern. */
export function isPattern(pattern: string): boolean {
  try {
    new RegExp(wholePattern(pattern), 'u')
    return true
  } catch {
    return false
  }
}

export type Matcher = ReturnType<typeof compilePattern>

const compiled = new Map<string, Matcher | null>()
const most = 1000

/**
 * The pattern ready to match, or null if it is none, or one that the engine does not take: then it asks for nothing. Such
 * patterns are refused when a service is published.
 */
export function matcherOf(pattern: string): Matcher | null {
  let matcher = compiled.get(pattern)
  if (matcher === undefined) {
    try {
      matcher = compilePattern(wholePattern(pattern))
    } catch {
      matcher = null
    }
    // While an author types, each letter makes another pattern.
    if (compiled.size >= most) compiled.clear()
    compiled.set(pattern, matcher)
  }
  return matcher
}
