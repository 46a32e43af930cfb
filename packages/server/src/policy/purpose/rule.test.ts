import { describe, expect, it } from 'vitest'
import { languages, sayIfThere } from '../../messages.ts'
import { readEvidence, settled } from '../../testing/evidence.ts'
import type { ReadDeed } from '../rule.ts'
import { isPurpose, known, purpose } from './rule.ts'

const ask = (options: object, deed: ReadDeed, said: string | null) => settled(purpose, options)(readEvidence({ deed, purpose: said }))

describe('purpose', () => {
  it('is asked before a case or its files are opened and before an export, and has to be one of the list', async () => {
    const options = { ask: ['open', 'export'], purposes: ['handling', 'complaint'] }
    for (const deed of ['open', 'attachment', 'export'] as const) {
      for (const wrong of [null, '', ' ', 'curious', 'Handling', 'handling\n'.repeat(30), 'hand\u0000ling'])
        expect(await ask(options, deed, wrong), String(wrong)).toMatchObject({ status: 403, code: 'purpose', members: { purposes: ['handling', 'complaint'] } })
      expect(await ask(options, deed, 'complaint')).toBeNull()
      expect(await ask(options, deed, ' complaint ')).toBeNull()
    }
  })

  it('is not asked for lists and decisions, nor where the policy does not: the control', async () => {
    for (const deed of ['list', 'decide'] as const) expect(await ask({ ask: ['open', 'export'], purposes: ['handling'] }, deed, null)).toBeNull()
    expect(await ask({ ask: [] }, 'export', null)).toBeNull()
    expect(await ask({ ask: ['export'] }, 'open', null)).toBeNull()
  })

  it('may be any few words where there is no list', async () => {
    expect(await ask({ ask: ['open'], purposes: [] }, 'open', 'Yearly report')).toBeNull()
    expect(await ask({ ask: ['open'], purposes: [] }, 'open', 'x'.repeat(200))).toBeNull()
    expect(await ask({ ask: ['open'], purposes: [] }, 'open', 'x'.repeat(201))).not.toBeNull()
    expect(['a', 'a\nb', '', '  '].map(isPurpose)).toEqual([true, false, false, false])
  })

  it('has a name in every language for each word that is known, those of the presets among them', () => {
    for (const word of [...known, ...purpose.presets.confidential.purposes])
      for (const language of languages) expect(sayIfThere(language, `purpose.${word}`), `${word} ${language}`).not.toBeNull()
    expect(sayIfThere('en', 'purpose.unheard')).toBeNull()
  })

  it('says that it is missing where the data can do great harm', () => {
    expect(purpose.weakness?.(purpose.presets.standard, new Set(['special']), 'standard')).toEqual({ key: 'rule.purpose.weak' })
    expect(purpose.weakness?.(purpose.presets.standard, new Set(['ordinary']), 'standard')).toBeNull()
    expect(purpose.weakness?.(purpose.presets.confidential, new Set(['special']), 'confidential')).toBeNull()
  })
})
