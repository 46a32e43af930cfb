/** What is looked for in a definition whose shape holds. One line a rule. */
import type { FieldTypes } from '../field-type.ts'
import { askedTwice } from './asked-twice.ts'
import { bothChoices } from './both-choices.ts'
import { changedExamples } from './changed-examples.ts'
import { colourContrast } from './colour-contrast.ts'
import { crossedLimits } from './crossed-limits.ts'
import { cycles } from './cycles.ts'
import { deadOptions } from './dead-options.ts'
import { duplicateIds } from './duplicate-ids.ts'
import { emptyChoices } from './empty-choices.ts'
import { emptyTables } from './empty-tables.ts'
import { expressions } from './expressions.ts'
import type { FieldSettings, LintRule } from './finding.ts'
import { hardTexts } from './hard-texts.ts'
import { manyFiles } from './many-files.ts'
import { missingLabels } from './missing-labels.ts'
import { missingPurposes } from './missing-purposes.ts'
import { missingTranslations } from './missing-translations.ts'
import { negativeFees } from './negative-fees.ts'
import { neverNeeded } from './never-needed.ts'
import { neverShown } from './never-shown.ts'
import { ownFaults } from './own-faults.ts'
import { refusedPatterns } from './refused-patterns.ts'
import { reversedWindows } from './reversed-windows.ts'
import { tableRows } from './table-rows.ts'
import { taskSections } from './task-sections.ts'
import { unknownAutofill } from './unknown-autofill.ts'
import { unknownReferences } from './unknown-references.ts'
import { unknownTimeZones } from './unknown-time-zones.ts'
import { unknownTypes } from './unknown-types.ts'
import { unpricedItems } from './unpriced-items.ts'
import { unreachableRoutes } from './unreachable-routes.ts'
import { unsaidPersonalData } from './unsaid-personal-data.ts'
import { unusedCountries } from './unused-countries.ts'

export const rulesFor = (types: FieldTypes, settings: FieldSettings): readonly LintRule[] => [
  unknownTypes(types),
  duplicateIds,
  unknownReferences,
  taskSections,
  expressions,
  cycles,
  missingLabels,
  missingTranslations,
  missingPurposes,
  unsaidPersonalData(settings),
  neverShown,
  neverNeeded,
  deadOptions,
  askedTwice,
  manyFiles,
  negativeFees,
  crossedLimits,
  refusedPatterns,
  ownFaults,
  tableRows,
  emptyChoices,
  bothChoices,
  emptyTables,
  unusedCountries,
  unknownAutofill,
  unpricedItems,
  unreachableRoutes,
  colourContrast,
  unknownTimeZones,
  reversedWindows,
  hardTexts,
  changedExamples(types),
]
