/** A policy in words: the same sentences for the page that citizens read, for the builder and for the command line. */
import type { Json } from '@guichet/core'
import { formatMessage } from '@guichet/core'
import type { Policy } from '@guichet/schemas'
import { fallbackLanguage, languages, serverMessages } from '../messages.ts'
import { type Preset, presetOf } from './preset.ts'
import type { Rule, RuleMessages, Said } from './rule.ts'
import { rules as all } from './rules.ts'
import { optionsOf } from './settle.ts'

export interface RuleExplained {
  rule: string
  title: string
  citizen: readonly string[]
  author: readonly string[]
  /** The options that hold, and those that the preset alone would give. */
  options: object
  preset: object
}

export interface PolicyExplained {
  preset: Preset
  rules: readonly RuleExplained[]
}

/** The policy must be one that settles. */
export function explainPolicy(policy: Policy, language: string, rules: readonly Rule[] = all): PolicyExplained {
  const preset = presetOf(policy)
  return {
    preset,
    rules: rules.map((rule) => {
      const options = optionsOf(policy, rule)
      const { citizen, author } = rule.explain(options as never, preset)
      const said = (sentence: Said) => sayOf(rule.messages, sentence, language)
      return {
        rule: rule.name,
        title: said({ key: `rule.${rule.name}.title` }),
        citizen: citizen.map(said),
        author: author.map(said),
        options,
        preset: rule.presets[preset],
      }
    }),
  }
}

/** A sentence of a rule. One made elsewhere may not speak all of our languages: better English than a code. */
export function sayOf(messages: RuleMessages | undefined, { key, params = {} }: Said, asked: string): string {
  const language = languages.includes(asked) ? asked : fallbackLanguage
  const own = messages && Object.hasOwn(messages, key) ? messages[key] : undefined
  const message = own ? (own[language] ?? own[fallbackLanguage] ?? Object.values(own)[0]) : serverMessages(language)[key]
  const places = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? listed(value, language) : value]))
  return formatMessage(message ?? key, places, language)
}

const listed = (items: readonly Json[], language: string) => new Intl.ListFormat(language, { type: 'conjunction' }).format(items.map(String))
