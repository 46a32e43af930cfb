/** Items of a list made from lines that were copied elsewhere: a document, an e-mail, two columns of a spreadsheet. */
import { idFrom } from './ids.ts'
import { cellsIn } from './table-grid.ts'

export interface ListedItem {
  text: string
  /** From the second column, else made from the text. */
  value: string
}

/** What stands before the text of a list's line: a dash, a dot, a number. */
const bullet = /^\s*(?:[-–—•*·‣◦]|\d{1,3}[.)])\s+/u

/**
 * Null if it is no list, but a text of one line. `taken`: values that are there already.
 * A value that is typed stays as it is; one that is no value any more for being taken is made anew.
 */
export function listedItems(pasted: string, taken: ReadonlySet<string>, isValue: (value: string) => boolean): ListedItem[] | null {
  const rows = cellsIn(pasted).filter((row) => row.some((cell) => cell.trim() !== ''))
  if (rows.length < 2 && (rows[0]?.length ?? 0) < 2) return null
  const known = new Set(taken)
  return rows.map(([text = '', value = '']) => {
    const plain = text.replace(bullet, '').trim()
    const wanted = value.trim()
    const own = wanted !== '' && isValue(wanted) && !known.has(wanted) ? wanted : idFrom(plain, known, 'option')
    known.add(own)
    return { text: plain, value: own }
  })
}
