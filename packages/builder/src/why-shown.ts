/** Why a part is shown or not, with the answers given so far: each condition on the way to it, and the values it reads. */
import { type Answers, compile, createSession, type FieldNode, type FieldTypes, readPaths, type Session } from '@guichet/core'
import type { Expression, Json } from '@guichet/schemas'
import type { Definition } from './editor/edit.ts'
import { type Holder, kindOf, nameOf, partAt } from './editor/part.ts'
import { parentOf } from './editor/pointer.ts'

export interface Reason {
  /** Pointer of the part whose condition it is. */
  pointer: string
  /** Row it was looked at in, counted from 0; null outside repeated groups. */
  row: number | null
  expression: Expression
  /** Null: something it reads is not known. */
  holds: boolean | null
  values: readonly { name: string; value: Json }[]
}

export interface Why {
  shown: boolean
  reasons: readonly Reason[]
  /** It stands in a repeated group without rows. */
  noRows: boolean
}

/** The pointers of the parts around a part that may have a condition, outermost first, itself last. */
function around(pointer: string): string[] {
  const pointers: string[] = []
  for (let at = pointer; kindOf(at); at = kindOf(at) === 'field' ? parentOf(parentOf(at)) : '') pointers.unshift(at)
  return pointers
}

/** @throws if no session can be made of the definition */
export function whyShown(definition: Definition, types: FieldTypes, inputs: Answers, today: string, pointer: string): Why {
  // Nothing on the way asks for anything: there is no session to be made.
  const holders = around(pointer).map((at) => partAt(definition, at) as Holder | null)
  if (holders.every((part) => part?.when === undefined && !part?.repeat)) return { shown: true, reasons: [], noRows: false }
  const session: Session = createSession(compile(definition, types), { today, answers: inputs })
  const reasons: Reason[] = []
  let group: FieldNode | null = null
  /** Instance prefixes of the rows the part stands in. */
  let rows: string[] = ['']
  for (const at of around(pointer)) {
    const part = partAt(definition, at) as Holder | null
    if (!part) continue
    const { when } = part as { when?: Expression }
    if (when !== undefined) {
      for (const row of rows) {
        const value = session.evaluate(when, group, row)
        const names = [...new Set(readPaths(session.program, when, group))]
        const [, index] = /(\d+)\/$/.exec(row) ?? []
        reasons.push({
          pointer: at,
          row: index === undefined ? null : Number(index),
          expression: when,
          holds: typeof value === 'boolean' ? value : null,
          values: names.map((path) => {
            const node = session.program.nodes.get(path)
            const name = path.split('.').at(-1) as string
            if (!node) return { name, value: session.computed(path) }
            // A field of the same rows has the value of this row; one of other rows has none of its own.
            return { name, value: node.group === null ? session.value(node) : node.group === group ? session.value(node, row) : null }
          }),
        })
      }
    }
    if (part.repeat) {
      const node = [...session.program.nodes.values()].find(({ field }) => field === part)
      if (!node) continue
      rows = rows.flatMap((row) => {
        const given = session.input(row + node.field.id)
        return Array.isArray(given) ? given.map((_, i) => `${row}${node.field.id}/${i}/`) : []
      })
      // Its own condition and what is asked in its rows see different scopes.
      if (at !== pointer) group = node
    }
  }
  const noRows = group !== null && rows.length === 0
  const byRow = new Map<number | null, boolean>()
  for (const { row, holds } of reasons) byRow.set(row, (byRow.get(row) ?? true) && holds === true)
  const outside = byRow.get(null) ?? true
  const inside = [...byRow].filter(([row]) => row !== null).map(([, holds]) => holds)
  return { shown: outside && !noRows && (inside.length === 0 || inside.includes(true)), reasons, noRows }
}

export const nameAt = (definition: Definition, pointer: string): string => {
  const part = partAt(definition, pointer)
  return part ? nameOf(definition, part) : ''
}
