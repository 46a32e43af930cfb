import { nothing, type TemplateResult } from 'lit-html'

/**
 * A template as markup, near enough for assertions and without a DOM: nested templates and lists are put in place,
 * property bindings and listeners left out, attributes bound to `nothing` dropped.
 */
export function flatten(part: unknown): string {
  if (part === nothing || part === null || part === undefined || part === '') return ''
  if (Array.isArray(part)) return part.map(flatten).join('')
  if (typeof part === 'object' && '_$litDirective$' in part) return ''
  if (typeof part !== 'object' || !('strings' in part)) return escaped(String(part))
  const { strings, values } = part as TemplateResult
  let markup = ''
  values.forEach((value, i) => {
    const before = (markup += strings[i])
    const binding = /\s([.@?]?)([\w-]+)=("?)[^"<>]*$/.exec(before)
    if (!binding) markup += flatten(value)
    else if (binding[1] === '.' || binding[1] === '@') markup = before.slice(0, binding.index)
    else if (binding[1] === '?') markup = before.slice(0, binding.index) + (value ? ` ${binding[2]}` : '')
    else if (value === nothing) markup = before.slice(0, binding.index)
    else markup += binding[3] ? escaped(String(value)) : `"${escaped(String(value))}"`
  })
  return markup + strings[strings.length - 1]
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;')
