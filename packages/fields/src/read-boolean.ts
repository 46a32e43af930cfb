import type { Json } from '@guichet/core'

/** A page without scripts sends "on" for a ticked box, and nothing for another. */
const ticked: readonly Json[] = [true, 'true', 'on', '1', 'yes']
const empty: readonly Json[] = [null, false, '', 'false', 'off', '0', 'no']

/** Yes or no, or null if it is neither. */
export const readBoolean = (input: Json): boolean | null => (ticked.includes(input) ? true : empty.includes(input) ? false : null)
