/** Patterns that can take for ever, or that another system checking the same answer would not understand. */
import { error, type LintRule } from './finding.ts'

export type PatternFault = 'invalid' | 'lookAround' | 'backReference' | 'nestedRepeat'

const repeatsWithoutEnd = (rest: string) => /^([*+]|\{\d+,\})/.test(rest)

/** What is wrong with a regular expression's source; null if it may be used. */
export function patternFault(source: string): PatternFault | null {
  try {
    new RegExp(source, 'u')
  } catch {
    return 'invalid'
  }
  // For each open group, whether something inside it repeats without end.
  const open: boolean[] = [false]
  let inClass = false
  for (let i = 0; i < source.length; i++) {
    const rest = source.slice(i)
    if (source[i] === '\\') {
      if (!inClass && /^\\([1-9]|k<)/.test(rest)) return 'backReference'
      i++
    } else if (inClass) inClass = source[i] !== ']'
    else if (source[i] === '[') inClass = true
    else if (source[i] === '(') {
      if (/^\(\?<?[=!]/.test(rest)) return 'lookAround'
      open.push(false)
    } else if (source[i] === ')') {
      const repeats = open.pop() as boolean
      if (repeats && repeatsWithoutEnd(source.slice(i + 1))) return 'nestedRepeat'
      open[open.length - 1] ||= repeats
    } else if (repeatsWithoutEnd(rest)) open[open.length - 1] = true
  }
  return null
}

export const refusedPatterns: LintRule = function* ({ fields }) {
  for (const { field, pointer } of fields) {
    const fault = typeof field.pattern === 'string' ? patternFault(field.pattern) : null
    if (fault) yield error(`pattern.${fault}`, `${pointer}/pattern`, { pattern: field.pattern as string })
  }
}
