import type { BaseContent } from './editor/base.ts'
import type { Draft } from './editor/edit.ts'

/** A whole service as one JSON file; service-file.ts reads it again. */
export const toServiceFile = ({ definition, policy }: Draft, base: BaseContent | null = null): string =>
  `${JSON.stringify({ guichet: 'service', definition, policy, ...(base ? { base } : {}) }, null, 2)}\n`
