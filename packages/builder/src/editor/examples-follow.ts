/** Kept examples name fields, pages and documents by their ids, in answers and in what is expected: they follow a new id. */
import type { Definition } from './edit.ts'
import { isObject, type Value, write } from './pointer.ts'

type Rename = (id: string, groups: readonly string[]) => { id: string; group: string | null }

/** `of`: the new id of a field in these groups (pointers), and its own pointer if it is a repeated group. */
export function fieldsFollow(definition: Definition, of: Rename): Definition {
  const answers = (given: Value, groups: readonly string[]): Value =>
    isObject(given)
      ? Object.fromEntries(
          Object.entries(given).map(([key, value]) => {
            const { id, group } = of(key, groups)
            return [id, group !== null && Array.isArray(value) ? value.map((row) => answers(row, [...groups, group])) : value]
          }),
        )
      : given
  /** `/members/0/name rule` */
  const place = (problem: string): string => {
    const [path = '', code = ''] = problem.split(' ')
    const groups: string[] = []
    const parts = path.split('/').map((part) => {
      if (part === '' || /^\d+$/.test(part)) return part
      const { id, group } = of(part, groups)
      if (group !== null) groups.push(group)
      return id
    })
    return `${parts.join('/')} ${code}`
  }
  return each(definition, ({ answers: given, expects }) => ({ answers: answers(given, []), expects: { ...expects, problems: expects.problems.map(place) } }))
}

export const pageFollows = (definition: Definition, from: string, to: string): Definition =>
  each(definition, ({ expects }) => ({ expects: { ...expects, pages: expects.pages.map((id) => (id === from ? to : id)) } }))

export const documentFollows = (definition: Definition, from: string, to: string): Definition =>
  each(definition, ({ expects }) => ({
    expects: { ...expects, documents: Object.fromEntries(Object.entries(expects.documents).map(([id, copies]) => [id === from ? to : id, copies])) },
  }))

function each(definition: Definition, change: (example: NonNullable<Definition['examples']>[number]) => object): Definition {
  if (!definition.examples) return definition
  return write(
    definition,
    '/examples',
    definition.examples.map((example) => ({ ...example, ...change(example) })),
  )
}
