/** What is looked for in a definition whose shape holds. One line a rule. */
import type { FieldTypes } from '../field-type.ts'
import { bothChoices } from './both-choices.ts'
import { changedExamples } from './changed-examples.ts'
import { colourContrast } from './colour-contrast.ts'
import { crossedLimits } from './crossed-limits.ts'
import { cycles } from './cycles.ts'
import { duplicateIds } from './duplicate-ids.ts'
import { emptyChoices } from './empty-choices.ts'
import { emptyTables } from './empty-tables.ts'
import { expressions } from './expressions.ts'
import type { LintRule } from './finding.ts'
import { missingLabels } from './missing-labels.ts'
import { missingPurposes } from './missing-purposes.ts'
import { missingTranslations } from './missing-translations.ts'
import { neverShown } from './never-shown.ts'
import { ownFaults } from './own-faults.ts'
import { refusedPatterns } from './refused-patterns.ts'
import { reversedWindows } from './reversed-windows.ts'
import { unknownReferences } from './unknown-references.ts'
import { unknownTimeZones } from './unknown-time-zones.ts'
import { unknownTypes } from './unknown-types.ts'
import { unpricedItems } from './unpriced-items.ts'
import { unreachableRoutes } from './unreachable-routes.ts'
import { unusedCountries } from './unused-countries.ts'

export const rulesFor = (types: FieldTypes): readonly LintRule[] => [
  unknownTypes(types),
  duplicateIds,
  unknownReferences,
  expressions,
  cycles,
  missingLabels,
  missingTranslations,
  missingPurposes,
  neverShown,
  crossedLimits,
  refusedPatterns,
  ownFaults,
  emptyChoices,
  bothChoices,
  emptyTables,
  unusedCountries,
  unpricedItems,
  unreachableRoutes,
  colourContrast,
  unknownTimeZones,
  reversedWindows,
  changedExamples(types),
]
