import type { Draft } from './editor/edit.ts'

/** A whole service as one JSON file; service-file.ts reads it again. */
export const toServiceFile = ({ definition, policy }: Draft): string => `${JSON.stringify({ guichet: 'service', definition, policy }, null, 2)}\n`
