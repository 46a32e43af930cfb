/** The pattern so that it must match the whole answer. */
export const wholePattern = (pattern: string): string => `^(?:${pattern})$`

const compiled = new Map<string, RegExp | null>()

/**
 * The pattern ready to match, or null if it is none: then it asks for nothing. Patterns that take too long or that not
 * every engine has are refused when a service is published, by core's lint.
 */
export function matcherOf(pattern: string): RegExp | null {
  let matcher = compiled.get(pattern)
  if (matcher === undefined) {
    try {
      matcher = new RegExp(wholePattern(pattern), 'u')
    } catch {
      matcher = null
    }
    compiled.set(pattern, matcher)
  }
  return matcher
}
