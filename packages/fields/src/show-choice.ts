import type { Json, ShowContext } from '@guichet/core'
import { type Choosing, labelOf, optionsOf } from './choices.ts'

/** A chosen value as the reader knows it. */
export function showChoice(value: Json, settings: Choosing, context: ShowContext): string {
  const option = optionsOf(settings, context).find((candidate) => candidate.value === value)
  return option ? labelOf(option, context.language, context.fallback).text : typeof value === 'string' ? value : ''
}
