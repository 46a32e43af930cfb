/**
 * Lint, over the field types that this builder knows. With the validators of all settings it is most of the editor's
 * code, so it is loaded once the editor stands there.
 */
import { lint } from '@guichet/core/lint'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import type { Definition } from './editor/edit.ts'
import type { Finding } from './findings.ts'
import { fieldTypes, outsideSettings } from './known-types.ts'

export const findingsOf = (definition: Definition): Finding[] => lint(definition, fieldTypes, { ...fieldSettings, ...outsideSettings() })
