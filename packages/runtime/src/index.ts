/** What a preview needs: the element, registered so that it is handed its view and sends nothing. */
import type { FieldTypes } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldViews } from '@guichet/fields/field-views'
import { laterStringsIn } from './later-strings.ts'
import { loadFieldsFrom } from './load-fields.ts'
import { outsideField } from './outside-fields.ts'
import { sampleTransport } from './preview.ts'
import type { AnyView } from './question.ts'
import { GuichetService } from './service-element.ts'
import { unreachable } from './unreachable.ts'
import './more-styles.ts'

export { redrawPage } from './redraw-page.ts'
export { GuichetService } from './service-element.ts'
export type { Confirmation, ServiceView, WordedProblem } from './service-view.ts'
export { Refused, type Transport } from './transport.ts'
export { sampleTransport }

type Lazy = Readonly<Record<string, (() => Promise<AnyView>) | undefined>>

/** Registers `<guichet-service>` for elements that get their `view` as a property. `views`: what draws each type, for those who have it there already. `types`: what they mean, those of the `types` attribute included. */
export function definePreview(views?: object, types = fieldTypes as unknown as FieldTypes) {
  if (customElements.get('guichet-service')) return
  GuichetService.surroundings = {
    loadFields: loadFieldsFrom(async (name, outside) => {
      if (outside && !Object.hasOwn(fieldTypes, name)) return outsideField(name, outside)
      return {
        type: types[name],
        view: views ? (views as Readonly<Record<string, AnyView>>)[name] : await (fieldViews as unknown as Lazy)[name]?.(),
      }
    }),
    unreachable,
    laterStrings: async (language) => laterStringsIn(language),
    preview: (element) => sampleTransport(() => element.view, types),
  }
  customElements.define('guichet-service', GuichetService)
}
