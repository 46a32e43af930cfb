/** Findings of lint as the author reads them. Looking for them is another matter, and another file: lint-now.ts. */

import type { LintFinding } from '@guichet/core/lint/finding'
import { lintText } from '@guichet/core/lint-text'
import { allMessages, language } from './language.ts'
import { partOf } from './outline.ts'

/** `detail`: the server's own sentence, of what it alone can find. */
export type Finding = LintFinding & { detail?: string }

export const sentenceOf = (finding: Pick<Finding, 'code' | 'params' | 'detail'>): string => finding.detail ?? lintText(finding, allMessages(), language())

/** Errors and warnings of each part, for the outline. */
export function countByPart(findings: readonly Finding[]): Map<string, { errors: number; warnings: number }> {
  const counts = new Map<string, { errors: number; warnings: number }>()
  for (const { pointer, severity } of findings) {
    const part = partOf(pointer)
    const count = counts.get(part) ?? { errors: 0, warnings: 0 }
    counts.set(part, severity === 'error' ? { ...count, errors: count.errors + 1 } : { ...count, warnings: count.warnings + 1 })
  }
  return counts
}
