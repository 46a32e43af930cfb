export type PatternFault = 'syntax' | 'lookaround' | 'backreference'

/**
 * Why an author's pattern cannot be used, or null. Look-around and back-references are refused because engines that
 * match in linear time, which the server uses on what strangers send, do not have them.
 */
export function patternFault(pattern: string): PatternFault | null {
  // Escapes that are no back-reference and classes hide nothing: look at what is left.
  const bare = pattern.replace(/\\([\s\S])/g, (escaped, character: string) => (/[1-9k]/.test(character) ? escaped : '')).replace(/\[[^\]]*\]/g, '')
  if (/\(\?<?[=!]/.test(bare)) return 'lookaround'
  if (bare.includes('\\')) return 'backreference'
  try {
    new RegExp(wholePattern(pattern), 'u')
    return null
  } catch {
    return 'syntax'
  }
}

/** The pattern so that it must match the whole answer. */
export const wholePattern = (pattern: string): string => `^(?:${pattern})$`

const compiled = new Map<string, RegExp | null>()

/** The pattern ready to match, or null if it cannot be used: then it asks for nothing. */
export function matcherOf(pattern: string): RegExp | null {
  let matcher = compiled.get(pattern)
  if (matcher === undefined) {
    matcher = patternFault(pattern) ? null : new RegExp(wholePattern(pattern), 'u')
    compiled.set(pattern, matcher)
  }
  return matcher
}
