/** The same question twice: people are asked once, and the answer is used wherever it is needed (SDG Regulation 2018/1724, once-only). */
import { type LintRule, type PlacedField, warning } from './finding.ts'
import { askedIf, impossible } from './possible.ts'

const plain = (label: string) =>
  label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{P}\p{Z}\s]+/gu, ' ')
    .trim()

export const askedTwice: LintRule = function* ({ program, fields }) {
  const first = new Map<string, PlacedField[]>()
  for (const placed of fields) {
    const { field, node, pointer } = placed
    if (!node || node.type.answers === false || node.type.name === 'computed' || node.children.length > 0 || !field.label) continue
    // In one of its languages is enough: there people read the same thing twice.
    const seen = new Set<string>()
    let twin: PlacedField | undefined
    for (const [language, label] of Object.entries(field.label)) {
      // The groups around are part of the question: the name of the applicant is not that of the landlord.
      const key = `${around(pointer, fields)}\n${field.type}\n${language}\n${plain(label)}`
      if (plain(label) === '' || seen.has(key)) continue
      seen.add(key)
      const before = first.get(key) ?? []
      // Where conditions keep them apart, people see one of them. Two of one name are another finding.
      twin ??= before.find((other) => other.node && other.field.id !== field.id && !impossible(program, [...askedIf(other.node), ...askedIf(node)]))
      first.set(key, [...before, placed])
    }
    if (twin) yield warning('question.twice', pointer, { id: field.id, other: twin.field.id })
  }
}

/** Names of the groups around a field, which are said before it; its page is no group. */
function around(pointer: string, fields: readonly PlacedField[]): string {
  const names: string[] = []
  for (let at = pointer.slice(0, pointer.lastIndexOf('/fields/')); at.includes('/fields/'); at = at.slice(0, at.lastIndexOf('/fields/')))
    names.push(fields.find((one) => one.pointer === at)?.field.id ?? at)
  return names.join('.')
}
