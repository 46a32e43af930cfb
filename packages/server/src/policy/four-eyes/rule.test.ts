import { describe, expect, it } from 'vitest'
import { settled } from '../../testing/evidence.ts'
import { fourEyes } from './rule.ts'

describe('four eyes', () => {
  it('are asked for unless the exact word says no', () => {
    expect(settled(fourEyes)).toEqual({ export: false, erasure: false, publish: false })
    expect(settled(fourEyes, {}, 'confidential')).toEqual({ export: true, erasure: true, publish: false })
    expect(settled(fourEyes, { export: true })).toEqual({ export: true, erasure: false, publish: false })
    expect(fourEyes.settle({ export: 'no', erasure: undefined } as never, 'standard', {} as never)).toEqual({ export: true, erasure: true, publish: true })
  })

  it('are said only of what they are asked for', () => {
    const keys = (options: { export: boolean; erasure: boolean; publish: boolean }) => fourEyes.explain(options, 'standard').citizen.map(({ key }) => key)
    expect(keys({ export: true, erasure: false, publish: false })).toEqual(['rule.four-eyes.export'])
    expect(keys({ export: false, erasure: true, publish: false })).toEqual(['rule.four-eyes.erasure'])
    expect(keys({ export: false, erasure: false, publish: true })).toEqual(['rule.four-eyes.publish'])
    expect(keys({ export: false, erasure: false, publish: false })).toEqual([])
  })
})
