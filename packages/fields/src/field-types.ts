/**
 * The meanings of the built-in field types, one line each. Keyed by the union of names that is generated from the
 * folders, so that a folder without a line here does not compile.
 */
import type { FieldType } from '@guichet/core'
import type { AnyField } from '../generated/settings.ts'
import { address } from './address/address.ts'
import { checkbox } from './checkbox/checkbox.ts'
import { checkboxes } from './checkboxes/checkboxes.ts'
import { computed } from './computed/computed.ts'
import { consent } from './consent/consent.ts'
import { content } from './content/content.ts'
import { country } from './country/country.ts'
import { date } from './date/date.ts'
import { dateRange } from './date-range/date-range.ts'
import { datetime } from './datetime/datetime.ts'
import { declaration } from './declaration/declaration.ts'
import { email } from './email/email.ts'
import { file } from './file/file.ts'
import { group } from './group/group.ts'
import { hidden } from './hidden/hidden.ts'
import { identifier } from './identifier/identifier.ts'
import { location } from './location/location.ts'
import { matrix } from './matrix/matrix.ts'
import { money } from './money/money.ts'
import { month } from './month/month.ts'
import { number } from './number/number.ts'
import { orderLines } from './order-lines/order-lines.ts'
import { percent } from './percent/percent.ts'
import { personName } from './person-name/person-name.ts'
import { phone } from './phone/phone.ts'
import { radio } from './radio/radio.ts'
import { ranking } from './ranking/ranking.ts'
import { rating } from './rating/rating.ts'
import { searchSelect } from './search-select/search-select.ts'
import { select } from './select/select.ts'
import { signature } from './signature/signature.ts'
import { text } from './text/text.ts'
import { textarea } from './textarea/textarea.ts'
import { time } from './time/time.ts'
import { url } from './url/url.ts'
import { year } from './year/year.ts'
import { yesNo } from './yes-no/yes-no.ts'

export type FieldName = AnyField['type']
export type FieldOf<Name extends FieldName> = Extract<AnyField, { type: Name }>

export const fieldTypes = {
  address,
  checkbox,
  checkboxes,
  computed,
  consent,
  content,
  country,
  date,
  'date-range': dateRange,
  datetime,
  declaration,
  email,
  file,
  group,
  hidden,
  identifier,
  location,
  matrix,
  money,
  month,
  number,
  'order-lines': orderLines,
  percent,
  'person-name': personName,
  phone,
  radio,
  ranking,
  rating,
  'search-select': searchSelect,
  select,
  signature,
  text,
  textarea,
  time,
  url,
  year,
  'yes-no': yesNo,
} satisfies { readonly [Name in FieldName]: FieldType<FieldOf<Name>> }
