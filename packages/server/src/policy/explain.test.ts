import { describe, expect, it } from 'vitest'
import { languages, serverMessages } from '../messages.ts'
import { explainPolicy, sayOf } from './explain.ts'
import { presets } from './preset.ts'
import { rules } from './rules.ts'

describe('a policy in words', () => {
  it.each(presets)('says every rule of %s in every language, and leaves no place empty', (preset) => {
    for (const language of languages)
      for (const { rule, title, citizen, author } of explainPolicy({ preset }, language).rules)
        for (const sentence of [title, ...citizen, ...author]) {
          expect(sentence, `${rule} in ${language}`).not.toMatch(/^rule\.|\{|undefined|\[object|^$/)
        }
  })

  it('would show a sentence that is not there: the control', () => {
    expect(sayOf(undefined, { key: 'rule.unheard' }, 'en')).toBe('rule.unheard')
  })

  it('has no sentence that no rule says', () => {
    const keys = Object.keys(serverMessages('en')).filter((key) => key.startsWith('rule.'))
    for (const key of keys)
      expect(
        rules.some(({ name }) => key === `rule.${name}` || key.startsWith(`rule.${name}.`)),
        key,
      ).toBe(true)
  })

  it('names the options that hold beside those of the preset', () => {
    const { preset, rules: said } = explainPolicy({ rules: { origins: { allow: ['https://a.example', 'https://b.example'] } } }, 'en')
    expect(preset).toBe('standard')
    const origins = said.find(({ rule }) => rule === 'origins')
    expect(origins).toMatchObject({ options: { allow: ['https://a.example', 'https://b.example'] }, preset: { allow: [] } })
    expect(origins?.citizen[0]).toContain('https://a.example and https://b.example')
  })

  it('speaks for a rule made elsewhere, in English where it lacks the language', () => {
    const messages = { 'rule.x-own': { en: 'At {place}', el: 'Στο {place}' }, 'rule.x-other': { de: 'Nur hier' } }
    const said = { key: 'rule.x-own', params: { place: 'home' } }
    expect([sayOf(messages, said, 'el'), sayOf(messages, said, 'hu'), sayOf(messages, said, 'xx')]).toEqual(['Στο home', 'At home', 'At home'])
    expect(sayOf(messages, { key: 'rule.x-other' }, 'en')).toBe('Nur hier')
  })
})
