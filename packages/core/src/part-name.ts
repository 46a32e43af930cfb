/** What an author calls a part of a definition, whatever kind of part it is. */
import type { Json } from '@guichet/schemas'
import { pickText, type Text } from './text.ts'

const names = ['title', 'label', 'heading', 'text', 'message', 'name'] as const
/** What a part that has no name says to people. */
const sayings = ['statement', 'body'] as const

/** A sentence longer than this would fill the line that it is to be told by. */
const longest = 80

/** The beginning of a text of one or several paragraphs, in whole words. */
function beginning(text: string): string {
  const [line = ''] = text.trim().split(/\s*\n/)
  if (line.length <= longest) return line
  const space = line.lastIndexOf(' ', longest)
  return `${line.slice(0, space > 0 ? space : longest)}…`
}

/** Its title or label, else the beginning of what it says; '' if there is neither. */
export function partName(part: object, languages: readonly string[]): string {
  const textAt = (property: string): string => {
    const text = (part as Readonly<Record<string, Json | undefined>>)[property]
    return typeof text === 'object' && text !== null && !Array.isArray(text) ? pickText(text as unknown as Text, languages).text : ''
  }
  for (const property of names) {
    const text = textAt(property)
    if (text !== '') return text
  }
  for (const property of sayings) {
    const text = beginning(textAt(property))
    if (text !== '') return text
  }
  return ''
}
