/** What an address of an author's answers with, read as options. Whoever runs it may make mistakes: one is enough to refuse it all. */

export interface ListOption {
  value: string
  /** By language; `und` where the list does not say which. */
  label: Record<string, string>
}

export const mostOptions = 20_000
const longestLabel = 300
const mostLanguages = 20

/** Says what is wrong, and with which option, counted from 1. */
export class NoList extends Error {}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isLabel = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '' && value.length <= longestLabel

function labelOf(label: unknown): Record<string, string> | null {
  if (isLabel(label)) return { und: label.trim() }
  if (!isObject(label)) return null
  const texts = Object.entries(label)
  const fine =
    texts.length > 0 && texts.length <= mostLanguages && texts.every(([language, text]) => /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language) && isLabel(text))
  return fine ? Object.fromEntries(texts.map(([language, text]) => [language, (text as string).trim()])) : null
}

/** `[{value, label}]`, or the same under `options`; a label is a text, or texts by language. @throws NoList */
export function readList(body: Uint8Array): ListOption[] {
  let given: unknown
  try {
    given = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new NoList('no JSON')
  }
  const list = isObject(given) ? given.options : given
  if (!Array.isArray(list) || list.length === 0) throw new NoList('no list of options')
  if (list.length > mostOptions) throw new NoList(`more than ${mostOptions} options`)
  const seen = new Set<string>()
  return list.map((option: unknown, i) => {
    const value = isObject(option) && (typeof option.value === 'string' || typeof option.value === 'number') ? String(option.value) : ''
    const label = isObject(option) ? labelOf(option.label) : null
    if (!/^[A-Za-z0-9_.-]{1,60}$/.test(value)) throw new NoList(`option ${i + 1}: its value is none`)
    if (!label) throw new NoList(`option ${i + 1}: its label is none`)
    if (seen.has(value)) throw new NoList(`option ${i + 1}: its value is there twice`)
    seen.add(value)
    return { value, label }
  })
}
