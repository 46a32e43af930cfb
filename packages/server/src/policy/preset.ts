/**
 * The four presets, from the least to the most that protects. Each rule states its own options for each of them, so that a
 * preset is nothing but the sum of what its rules say.
 */
import type { Policy } from '@guichet/schemas'

export const presets = ['open', 'standard', 'confidential', 'sealed'] as const
export type Preset = (typeof presets)[number]

/** What a service has that says nothing. */
export const usualPreset: Preset = 'standard'

/**
 * The one place where a policy's preset is read. Published versions never change, and those of before there were four say
 * `strict` for what is `standard` now.
 */
export const presetOf = ({ preset }: Pick<Policy, 'preset'>): Preset => (preset === 'strict' ? 'standard' : (preset ?? usualPreset))
