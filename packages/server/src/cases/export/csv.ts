/** RFC 4180, in cells that no spreadsheet takes for a formula. */

/**
 * What a spreadsheet program may take for the beginning of a formula, also after blanks that it leaves out: `= + - @` and
 * their full-width forms, and what it takes for the end of a cell. A leading apostrophe is there so that it can be undone.
 */
const risky = /^(?:'|[\t\r\n]|[\s\p{C}\p{Z}]*[=+\-@\uff0b\uff0d\uff1d\uff20])/u

/** What stands in a cell. Numbers as they are in JSON; what is neither text nor number, as JSON. */
export type Cell = string | number | boolean | null | object

/** Takes the apostrophe off again. */
export const unguarded = (text: string) => text.replace(/^'/, '')
const guarded = (text: string) => (risky.test(text) ? `'${text}` : text)

/** Text in quotes, always: what separates cells elsewhere separates none here. NUL, which ends texts elsewhere, is replaced. */
const quoted = (text: string) => `"${guarded(text).replaceAll('\0', '\ufffd').replaceAll('"', '""')}"`

function cell(value: Cell | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  if (typeof value === 'boolean') return String(value)
  return quoted(typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value))
}

export const csvLine = (cells: readonly (Cell | undefined)[]) => `${cells.map(cell).join(',')}\r\n`
