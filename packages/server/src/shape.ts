/** Ajv's errors as problems: where, and which kind of mistake. Its own sentences never reach a person. */
import type { Problem } from '@guichet/core'

interface ShapeError {
  instancePath: string
  keyword: string
  params: Record<string, unknown>
}

const most = 50

export const shapeProblems = (errors: readonly ShapeError[] | null | undefined): Problem[] =>
  (errors ?? []).slice(0, most).map(({ instancePath, keyword, params }) => {
    const name = params.missingProperty ?? params.unevaluatedProperty ?? params.additionalProperty ?? params.propertyName
    const place = typeof name === 'string' ? `${instancePath}/${name.replace(/~/g, '~0').replace(/\//g, '~1')}` : instancePath
    const code = params.missingProperty ? 'shape.missing' : keyword.endsWith('Properties') || keyword === 'propertyNames' ? 'shape.unknown' : 'shape.invalid'
    return { pointer: place, code }
  })
