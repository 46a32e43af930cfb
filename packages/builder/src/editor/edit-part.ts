import type { Field, Page } from '@guichet/schemas'
import { serviceDefinition } from '@guichet/schemas/validators'
import { type Definition, type Edit, refuse, type Words } from './edit.ts'
import { nameOf, partAt } from './part.ts'
import { isInside, read, type Value, write } from './pointer.ts'

const byOtherCommands = ['/id', '/type', '/fields', '/pages', '/documents', '/format', '/languages']

/**
 * The definition with those questions alone that the part is in: all others are as they were, and a large service has hundreds of
 * them. The schema leaves the fields of a group to the group's type: each is held to the same shape as one on a page, where it may be
 * moved to.
 */
function around(definition: Definition, pointer: string): Definition {
  const page = read(definition, /^\/pages\/\d+/.exec(pointer)?.[0] ?? '/pages/0') as Page | undefined
  // Where it has no pages any more, that is what is wrong.
  if (!Array.isArray(page?.fields)) return definition
  const fields = [...pointer.matchAll(/\/fields\/\d+/g)].map(
    ({ 0: step, index }) => read(definition, pointer.slice(0, index + step.length)) as unknown as Field,
  )
  return { ...definition, pages: [{ ...page, fields: fields.length > 0 ? fields : page.fields.slice(0, 1) }] }
}

/**
 * Sets one property of a part: `pointer` names the part ('' is the service), `path` leads from it to the property.
 * Undefined removes it. Refused if the definition would lose its shape; what is merely unfinished is lint's business.
 */
export const editPart =
  ({ pointer, path, value }: { pointer: string; path: string; value: Value }): Edit =>
  (definition) => {
    const at = pointer + path
    if (pointer !== '' && read(definition, pointer) === undefined) return refuse('noSuchPart', { pointer })
    // Ids are names that others use, and parts are added and moved by commands of their own.
    if (path === '' || byOtherCommands.some((owned) => isInside(path, owned))) return refuse('shape', { pointer: at })
    const next = write(definition, at, value)
    if (!serviceDefinition(around(next, pointer))) {
      // Where it is wrong, as the whole has it.
      serviceDefinition(next)
      const wrong = serviceDefinition.errors?.[0]
      return refuse('shape', { pointer: wrong?.instancePath ?? at })
    }
    const part = partAt(definition, pointer)
    const params: Words['params'] = part ? { name: nameOf(definition, part) } : { setting: at }
    return {
      definition: next,
      part: pointer,
      words: { key: 'editPart', params },
      merge: `${at}=${typeof value}`,
    }
  }
