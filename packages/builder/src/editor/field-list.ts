import type { Definition } from './edit.ts'
import { isGroup, kindOf, partAt } from './part.ts'

/** Pointer of the list of fields inside a page or group; null if the part cannot hold fields. */
export function fieldListOf(definition: Definition, pointer: string): string | null {
  const part = partAt(definition, pointer)
  return part && (kindOf(pointer) === 'page' || isGroup(part)) ? `${pointer}/fields` : null
}
