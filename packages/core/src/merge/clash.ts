/**
 * What is wrong with a merge though it was wrong on neither side: one removed a question that the other's new rule reads,
 * both added one of the same meaning, one added a language and the other a text without it.
 */
import type { ServiceDefinition } from '@guichet/schemas'
import type { LintFinding } from '../lint/finding.ts'
import { isList, isThing, ownName, type Value } from './items.ts'

/** The place of a finding in terms that stay when parts move. */
function placeOf(definition: ServiceDefinition, pointer: string): string {
  let place = ''
  let value = definition as unknown as Value
  for (const escaped of pointer.split('/').slice(1)) {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    const isPart = isList(value) && /\/(fields|pages)$/.test(place)
    value = isList(value) ? value[Number(key)] : isThing(value) && Object.hasOwn(value, key) ? value[key] : undefined
    const name = isThing(value) && typeof value.id === 'string' ? value.id : null
    if (isPart && name !== null) place = `${place.endsWith('pages') ? 'page' : 'field'} ${name}`
    else place += `/${/^\d+$/.test(key) ? (ownName(value) ?? JSON.stringify(value) ?? key) : key}`
  }
  return place
}

/** Findings of the merged definition that neither side has. `lint` is core's, over the types that the caller knows. */
export function clashes(
  merged: ServiceDefinition,
  sides: readonly ServiceDefinition[],
  lint: (definition: ServiceDefinition) => readonly LintFinding[],
): LintFinding[] {
  const named =
    (definition: ServiceDefinition) =>
    ({ code, pointer }: LintFinding) =>
      `${code} ${placeOf(definition, pointer)}`
  const known = new Set(sides.flatMap((side) => lint(side).map(named(side))))
  const nameIn = named(merged)
  return lint(merged).filter((finding) => !known.has(nameIn(finding)))
}
