/** What a browser is told to fill in, and does not know: whoever cannot type the same once more gets no help (WCAG 1.3.5). */
import { nearest } from '../nearest.ts'
import { type LintRule, suggesting, warning } from './finding.ts'

/** Of HTML, "autofill detail tokens". */
const words =
  'name honorific-prefix given-name additional-name family-name honorific-suffix nickname username new-password current-password one-time-code organization-title organization street-address address-line1 address-line2 address-line3 address-level4 address-level3 address-level2 address-level1 country country-name postal-code cc-name cc-given-name cc-additional-name cc-family-name cc-number cc-exp cc-exp-month cc-exp-year cc-csc cc-type transaction-currency transaction-amount language bday bday-day bday-month bday-year sex url photo'.split(
    ' ',
  )
const reached = 'tel tel-country-code tel-national tel-area-code tel-local tel-local-prefix tel-local-suffix tel-extension email impp'.split(' ')
const known = [...words, ...reached, 'on', 'off']

const shape = new RegExp(
  `^(?:on|off|(?:section-\\S+ )?(?:(?:shipping|billing) )?(?:${words.join('|')}|(?:(?:home|work|mobile|fax|pager) )?(?:${reached.join('|')}))(?: webauthn)?)$`,
)
/** The parts of an address have words of their own; the setting says whose it is. */
const whose = /^(?:off|(?:section-\S+ ?)?(?:shipping|billing)?)$/

export const unknownAutofill: LintRule = function* ({ fields }) {
  for (const { field, pointer } of fields) {
    const { autocomplete } = field
    if (!autocomplete) continue
    const told = autocomplete.toLowerCase()
    if ((field.type === 'address' ? whose : shape).test(told)) continue
    const offered = field.type === 'address' ? ['billing', 'shipping', 'off'] : known
    yield warning('autocomplete.unknown', `${pointer}/autocomplete`, suggesting({ id: field.id, token: autocomplete }, nearest(told, offered)))
  }
}
