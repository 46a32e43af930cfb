/** A table as rows and columns in order, and back; and text from a spreadsheet as such rows. */
import { asciiDigits } from '@guichet/core/text'
import { isId } from './ids.ts'

export type Cell = string | number | boolean
export type Table = Readonly<Record<string, Readonly<Record<string, Cell>>>>
export type CellType = 'text' | 'number' | 'boolean'

export interface Grid {
  columns: readonly string[]
  rows: readonly { readonly key: string; readonly cells: Readonly<Record<string, Cell>> }[]
}

export function gridOf(table: Table): Grid {
  const columns = new Set<string>()
  for (const cells of Object.values(table)) for (const column of Object.keys(cells)) columns.add(column)
  return { columns: [...columns], rows: Object.entries(table).map(([key, cells]) => ({ key, cells })) }
}

/** Cells stand in the order of the columns; a cell that is not there stays so. */
export const tableOf = ({ columns, rows }: Grid): Table =>
  Object.fromEntries(
    rows.map(({ key, cells }) => [
      key,
      Object.fromEntries(columns.filter((column) => Object.hasOwn(cells, column)).map((column) => [column, cells[column] as Cell])),
    ]),
  )

/** What kind of value a column holds; text where it holds several kinds, or nothing yet. */
export function typeOf(grid: Grid, column: string): CellType {
  const kinds = new Set(grid.rows.filter(({ cells }) => Object.hasOwn(cells, column)).map(({ cells }) => typeof cells[column]))
  const [only] = kinds
  return kinds.size === 1 && (only === 'number' || only === 'boolean') ? only : 'text'
}

/** A number as people and spreadsheets of several countries write it; null if it is none. */
export function numberIn(typed: string): number | null {
  const plain = asciiDigits(typed)
    .trim()
    .replace(/[\s\u00a0\u202f]/g, '')
  if (!/^[+\-−]?[\d.,]+$/.test(plain)) return null
  const sign = /^[-−]/.test(plain) ? -1 : 1
  const digits = plain.replace(/^[+\-−]/, '')
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  const mark = digits[last]
  // Of two kinds of marks the last one is the decimal's; one kind that comes again parts thousands.
  const isDecimal = last >= 0 && digits.indexOf(mark as string) === last
  const whole = isDecimal ? digits.slice(0, last) : digits
  const grouped = whole.replaceAll(/[.,]/g, '')
  const number = Number(isDecimal ? `${grouped || '0'}.${digits.slice(last + 1) || '0'}` : grouped)
  return grouped === '' && !isDecimal ? null : Number.isFinite(number) ? sign * number : null
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  yes: true,
  no: false,
  wahr: true,
  falsch: false,
  ναι: true,
  όχι: false,
  igen: true,
  nem: false,
  có: true,
  không: false,
  بله: true,
  خیر: false,
}

/** What was typed, as a value of the column's kind; null if it is none. */
export function cellFrom(typed: string, type: CellType): Cell | null {
  if (type === 'text') return typed
  if (type === 'number') return numberIn(typed)
  return truths[typed.trim().toLocaleLowerCase()] ?? null
}

/** The value as another kind, where it can be one. */
export const converted = (cell: Cell, type: CellType): Cell =>
  cellFrom(String(cell), type) ?? (type === 'number' ? 0 : type === 'boolean' ? false : String(cell))

/** Rows of cells as spreadsheets put them onto the clipboard: tabs, line ends, and quotes around cells that hold them. */
export function cellsIn(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const end = () => {
    ;(rows.at(-1) as string[]).push(cell)
    cell = ''
  }
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  for (let i = 0; i < source.length; i++) {
    const letter = source[i] as string
    if (quoted) {
      if (letter !== '"') cell += letter
      else if (source[i + 1] === '"') {
        cell += '"'
        i++
      } else quoted = false
    } else if (letter === '"' && cell === '') quoted = true
    else if (letter === '\t') end()
    else if (letter === '\n') {
      end()
      rows.push([])
    } else cell += letter
  }
  end()
  return rows
}

/** The narrowest kind that all the cells of a column are of. */
function typeIn(cells: readonly string[]): CellType {
  const given = cells.filter((cell) => cell.trim() !== '')
  // "007" is a code, not seven.
  if (given.length > 0 && given.every((cell) => numberIn(cell) !== null && !/^0\d/.test(asciiDigits(cell).trim()))) return 'number'
  if (given.length > 0 && given.every((cell) => cellFrom(cell, 'boolean') !== null)) return 'boolean'
  return 'text'
}

const columnFrom = (title: string, i: number, taken: readonly string[]): string => {
  const plain = asciiDigits(title)
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, 36)
    .replace(/_$/, '')
  let name = isId(plain) ? plain : `column_${i + 1}`
  for (let n = 2; taken.includes(name); n++) name = `${name.replace(/_\d+$/, '')}_${n}`
  return name
}

/** A whole table: the first line names the columns, the first column the rows. Null if there is nothing in it. */
export function gridFrom(text: string): Grid | null {
  const [head = [], ...lines] = cellsIn(text).filter((line) => line.some((cell) => cell.trim() !== ''))
  if (head.length < 2 || lines.length === 0) return null
  const columns: string[] = []
  for (const [i, title] of head.slice(1).entries()) columns.push(columnFrom(title, i, columns))
  const types = columns.map((_, i) => typeIn(lines.map((line) => line[i + 1] ?? '')))
  const keys = new Set<string>()
  const rows = lines.map((line, n) => {
    let key = (line[0] ?? '').trim().slice(0, 60) || `row_${n + 1}`
    for (let again = 2; keys.has(key); again++) key = `${key.slice(0, 55)}_${again}`
    keys.add(key)
    const cells: Record<string, Cell> = {}
    for (const [i, column] of columns.entries()) {
      const cell = line[i + 1] ?? ''
      if (cell.trim() !== '') cells[column] = cellFrom(cell, types[i] as CellType) ?? cell
    }
    return { key, cells }
  })
  return { columns, rows }
}

/** Cells laid over the grid from one cell on; rows and columns are added where they do not suffice. */
export function pasted(grid: Grid, row: number, column: number, cells: readonly (readonly string[])[]): Grid {
  const columns = [...grid.columns]
  const width = Math.max(...cells.map((line) => line.length))
  while (columns.length < column + width) columns.push(columnFrom('', columns.length, columns))
  const rows = [...grid.rows]
  for (const [i, line] of cells.entries()) {
    const at = row + i
    const keys = new Set(rows.map(({ key }) => key))
    let key = `row_${at + 1}`
    for (let n = 2; keys.has(key); n++) key = `row_${at + 1}_${n}`
    const before = rows[at] ?? { key, cells: {} }
    const next: Record<string, Cell> = { ...before.cells }
    for (const [j, typed] of line.entries()) {
      const name = columns[column + j] as string
      const isNew = !grid.columns.includes(name)
      const type = isNew ? typeIn(cells.map((each) => each[j] ?? '')) : typeOf(grid, name)
      if (typed.trim() === '') delete next[name]
      else next[name] = cellFrom(typed, type) ?? typed
    }
    rows[at] = { key: before.key, cells: next }
  }
  return { columns, rows }
}
