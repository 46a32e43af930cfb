/**
 * The views of the built-in field types, loaded on first use. A group has none: the runtime draws its fields, and the
 * rows of a repeated one, itself.
 */
import type { FieldName, FieldOf } from './field-types.ts'
import type { FieldView } from './field-view.ts'

/** Days may be of any calendar here. */
const days = () => import('./date/persian-day.view.ts')

export const fieldViews: { readonly [Name in Exclude<FieldName, 'group'>]: () => Promise<FieldView<FieldOf<Name>>> } = {
  address: () => import('./address/address.view.ts').then((m) => m.view),
  checkbox: () => import('./checkbox/checkbox.view.ts').then((m) => m.view),
  checkboxes: () => import('./checkboxes/checkboxes.view.ts').then((m) => m.view),
  computed: () => import('./computed/computed.view.ts').then((m) => m.view),
  consent: () => import('./consent/consent.view.ts').then((m) => m.view),
  content: () => import('./content/content.view.ts').then((m) => m.view),
  country: () => import('./country/country.view.ts').then((m) => m.view),
  date: () =>
    days()
      .then(() => import('./date/date.view.ts'))
      .then((m) => m.view),
  'date-range': () =>
    days()
      .then(() => import('./date-range/date-range.view.ts'))
      .then((m) => m.view),
  datetime: () =>
    days()
      .then(() => import('./datetime/datetime.view.ts'))
      .then((m) => m.view),
  declaration: () => import('./declaration/declaration.view.ts').then((m) => m.view),
  email: () => import('./email/email.view.ts').then((m) => m.view),
  file: () => import('./file/file.view.ts').then((m) => m.view),
  hidden: () => import('./hidden/hidden.view.ts').then((m) => m.view),
  identifier: () => import('./identifier/identifier.view.ts').then((m) => m.view),
  location: () => import('./location/location.view.ts').then((m) => m.view),
  matrix: () => import('./matrix/matrix.view.ts').then((m) => m.view),
  money: () => import('./money/money.view.ts').then((m) => m.view),
  month: () => import('./month/month.view.ts').then((m) => m.view),
  number: () => import('./number/number.view.ts').then((m) => m.view),
  'order-lines': () => import('./order-lines/order-lines.view.ts').then((m) => m.view),
  percent: () => import('./percent/percent.view.ts').then((m) => m.view),
  'person-name': () => import('./person-name/person-name.view.ts').then((m) => m.view),
  phone: () => import('./phone/phone.view.ts').then((m) => m.view),
  radio: () => import('./radio/radio.view.ts').then((m) => m.view),
  ranking: () => import('./ranking/ranking.view.ts').then((m) => m.view),
  rating: () => import('./rating/rating.view.ts').then((m) => m.view),
  'search-select': () => import('./search-select/search-select.view.ts').then((m) => m.view),
  select: () => import('./select/select.view.ts').then((m) => m.view),
  signature: () => import('./signature/signature.view.ts').then((m) => m.view),
  text: () => import('./text/text.view.ts').then((m) => m.view),
  textarea: () => import('./textarea/textarea.view.ts').then((m) => m.view),
  time: () => import('./time/time.view.ts').then((m) => m.view),
  url: () => import('./url/url.view.ts').then((m) => m.view),
  year: () => import('./year/year.view.ts').then((m) => m.view),
  'yes-no': () => import('./yes-no/yes-no.view.ts').then((m) => m.view),
}
