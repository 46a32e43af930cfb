import { describe, expect, it } from 'vitest'
import { fileOf, means } from '../../testing/evidence.ts'
import { uploads } from './rule.ts'

const ask = (files: ReturnType<typeof fileOf>[], options = {}) => uploads.settle({ ...uploads.presets.standard, ...options }, 'standard', means)({ files })

describe('uploads', () => {
  it('judges by content', () => {
    expect(ask([fileOf()])).toBeNull()
    expect(ask([fileOf({ kind: null })])).toEqual({ status: 422, code: 'file-refused' })
    expect(ask([fileOf({ kind: 'png' })])).toEqual({ status: 422, code: 'file-refused' })
    expect(ask([fileOf({ kind: 'docx', declared: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' })])).toEqual({
      status: 422,
      code: 'file-refused',
    })
    // What declares nothing is judged by its content alone.
    expect(ask([fileOf({ declared: '' })])).toBeNull()
  })

  it('keeps to the lower of its own and the definition’s limits', () => {
    expect(ask([fileOf({ accept: ['png'] })])).toEqual({ status: 422, code: 'file-refused' })
    expect(ask([fileOf(), fileOf({ size: 501, maxBytes: 500 })])).toEqual({ status: 413, code: 'file-too-large', params: { count: 500 } })
    expect(ask([fileOf({ size: 501, maxBytes: 5000 })], { maxBytes: 500 })).toMatchObject({ status: 413, params: { count: 500 } })
    expect(ask([fileOf({ size: 501 })], { maxBytes: 500 })).toMatchObject({ status: 413, params: { count: 500 } })
    expect(ask([fileOf({ accept: ['png', 'pdf'] })])).toBeNull()
    expect(ask([fileOf({ size: 500, maxBytes: 500 })])).toBeNull()
    expect(ask([fileOf({ size: 0 })])).toEqual({ status: 422, code: 'file-refused' })
  })

  it('takes no picture that is too small either way, or whose size cannot be told', () => {
    const picture = (pixels: readonly [number, number] | null) => ask([fileOf({ picture: { pixels, least: [300, 400] } })])
    expect(picture([300, 400])).toBeNull()
    for (const pixels of [
      [299, 400],
      [400, 399],
      [400, 300],
    ] as const)
      expect(picture(pixels)).toEqual({ status: 422, code: 'picture-small', params: { width: 300, height: 400 } })
    expect(picture(null)).toMatchObject({ status: 422, code: 'picture-unreadable' })
  })

  it('counts the files of a submission', () => {
    expect(ask([fileOf(), fileOf()], { maxFiles: 2 })).toBeNull()
    expect(ask([fileOf(), fileOf(), fileOf()], { maxFiles: 2 })).toEqual({ status: 422, code: 'file-refused', params: { count: 2 } })
    expect(ask([], { maxFiles: 0 })).toBeNull()
  })
})
