/** An example that the author kept gives something else than it did. */

import type { FieldTypes } from '../field-type.ts'
import { compile, DefinitionError } from '../program.ts'
import { changedParts } from '../saved-examples.ts'
import { error, type LintRule } from './finding.ts'

export const changedExamples = (types: FieldTypes): LintRule =>
  function* ({ definition }) {
    const { examples = [] } = definition
    if (examples.length === 0) return
    let program: ReturnType<typeof compile>
    try {
      program = compile(definition, types)
    } catch (fault) {
      // Unknown types are found by another rule.
      if (fault instanceof DefinitionError) return
      throw fault
    }
    for (const [i, example] of examples.entries()) {
      try {
        for (const part of changedParts(program, example)) yield error(`example.${part}`, `/examples/${i}`, { name: example.name })
      } catch (fault) {
        // Too many steps: it cannot be said what comes of it.
        if (!(fault instanceof RangeError)) throw fault
        yield error('example.tooComplex', `/examples/${i}`, { name: example.name })
      }
    }
  }
