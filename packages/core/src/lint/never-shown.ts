/** A required field that is never asked: somebody would wait for its answer. */
import { error, type LintRule } from './finding.ts'

export const neverShown: LintRule = function* ({ definition, fields }) {
  const hidden: string[] = definition.pages.flatMap((page, i) => (page.when === false ? [`/pages/${i}/fields/`] : []))
  for (const { field, node, pointer } of fields) {
    const never = field.when === false || hidden.some((around) => pointer.startsWith(around))
    if (field.when === false) hidden.push(`${pointer}/fields/`)
    if (never && !field.optional && node && node.type.answers !== false)
      yield error('field.neverShown', field.when === false ? `${pointer}/when` : pointer, { id: field.id })
  }
}
