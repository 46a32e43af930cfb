/** Which properties an object of a definition may have, read from the published schema: to suggest what was meant. */
import schema from '@guichet/schemas/service-definition.schema.json' with { type: 'json' }
import type { FieldSettings } from './finding.ts'

interface Node {
  $ref?: string
  properties?: Record<string, Node>
  items?: Node | boolean
  additionalProperties?: Node | boolean
}

const root = schema as unknown as Node & { $defs: Record<string, Node> }
const follow = (node: Node): Node => (node.$ref ? follow(root.$defs[node.$ref.slice('#/$defs/'.length)] ?? {}) : node)

export function knownProperties(definition: unknown, pointer: string, settings: FieldSettings): string[] {
  let node: Node = root
  let value = definition
  for (const key of pointer.split('/').slice(1)) {
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~')
    const parent = follow(node)
    const next = Array.isArray(value) ? parent.items : (parent.properties?.[name] ?? parent.additionalProperties)
    value = (value as Record<string, unknown> | null)?.[name]
    node = typeof next === 'object' ? next : {}
    const type = node.$ref === '#/$defs/field' ? (value as { type?: unknown } | null)?.type : undefined
    if (typeof type === 'string') node = ofType(type, settings)
  }
  return Object.keys(follow(node).properties ?? {})
}

/** A field's properties: those of the built-in type, or those a type from outside says it has beside the shared ones. */
function ofType(type: string, settings: FieldSettings): Node {
  const builtIn = root.$defs[`field-${type}`]
  if (builtIn) return builtIn
  const shared = root.$defs['field-content']?.properties ?? {}
  const own = Object.hasOwn(settings, type) ? (settings[type]?.schema as Node | undefined)?.properties : undefined
  return { properties: { ...shared, ...own } }
}
