/** What is never asked: a page, a question or a group whose conditions cannot hold. Somebody would wait for its answer. */
import type { FieldNode } from '../program.ts'
import { error, type LintRule, warning } from './finding.ts'
import { askedIf, impossible } from './possible.ts'

const isAsked = ({ field, type }: FieldNode) => !field.optional && type.answers !== false && type.name !== 'computed'

export const neverShown: LintRule = function* ({ definition, program, fields }) {
  /** Said already, of what is around. */
  const hidden: string[] = []
  const required = (pointer: string) => fields.some((one) => one.pointer.startsWith(pointer) && one.node && isAsked(one.node))
  for (const [i, page] of definition.pages.entries()) {
    const at = `/pages/${i}`
    if (page.when === undefined || !impossible(program, [{ expression: page.when, group: null }])) continue
    hidden.push(`${at}/`)
    yield (required(`${at}/`) ? error : warning)('page.neverShown', `${at}/when`, { id: page.id })
  }
  for (const { field, node, pointer } of fields) {
    if (!node || field.when === undefined || hidden.some((around) => pointer.startsWith(around)) || !impossible(program, askedIf(node))) continue
    hidden.push(`${pointer}/`)
    yield (isAsked(node) && (!field.fields || required(`${pointer}/`)) ? error : warning)('field.neverShown', `${pointer}/when`, { id: field.id })
  }
}
