import type { TemplateResult } from 'lit-html'

export interface Listener {
  event: string
  /** The markup of the same tag before the listener, with its values. */
  before: string
  call(event: unknown): unknown
}

/** The listeners of a template and of those inside it, in order, for tests that act without a browser. */
export function listeners(part: unknown): Listener[] {
  if (Array.isArray(part)) return part.flatMap(listeners)
  if (typeof part !== 'object' || part === null || !('strings' in part)) return []
  const { strings, values } = part as TemplateResult
  let tag = ''
  return values.flatMap((value, i) => {
    tag += strings[i]
    tag = tag.slice(Math.max(0, tag.lastIndexOf('<')))
    const event = /@(\w+)=$/.exec(tag)?.[1]
    if (event) return [{ event, before: tag, call: value as Listener['call'] }]
    const inside = listeners(value)
    if (typeof value === 'string' || typeof value === 'number') tag += value
    return inside
  })
}
