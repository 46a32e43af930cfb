/** A ten-field service of common types, in a left-to-right and a right-to-left language. Agency and rules are invented. */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Page } from 'playwright-core'

const option = (value: string, en: string, fa: string) => ({ value, label: { en, fa } })

export const parkingPermit: ServiceDefinition = {
  format: 1,
  id: 'parking-permit',
  languages: ['en', 'fa'],
  title: { en: 'Get a resident parking permit', fa: 'دریافت مجوز پارک ساکنان' },
  summary: { en: 'Park in your own zone for up to a year.', fa: 'تا یک سال در محدودهٔ خود پارک کنید.' },
  agency: {
    name: { en: 'City of Ravenford, Parking Office', fa: 'شهرداری ریونفورد، دفتر پارکینگ' },
    colours: { primary: '#7a1f5c', accent: '#e0a100' },
    units: { desk: { en: 'Parking Office', fa: 'دفتر پارکینگ' } },
  },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  guide: { audience: { en: 'People who live in a parking zone and keep a car there.', fa: 'کسانی که در محدودهٔ پارک زندگی می‌کنند و خودرو دارند.' } },
  pages: [
    {
      id: 'you',
      title: { en: 'About you', fa: 'دربارهٔ شما' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Full name', fa: 'نام و نام خانوادگی' }, maxLength: 80, autocomplete: 'name' },
        { id: 'birth', type: 'date', label: { en: 'Date of birth', fa: 'تاریخ تولد' }, max: 'today' },
        {
          id: 'email',
          type: 'email',
          label: { en: 'Email address', fa: 'رایانامه' },
          hint: { en: 'We send the permit to this address.', fa: 'مجوز به این نشانی فرستاده می‌شود.' },
          purpose: { en: 'To send you the permit and reminders before it ends.', fa: 'برای فرستادن مجوز و یادآوری پایان آن.' },
          legalBasis: { en: 'Parking by-law, section 4', fa: 'آیین‌نامهٔ پارکینگ، مادهٔ ۴' },
        },
        { id: 'phone', type: 'phone', label: { en: 'Mobile number', fa: 'شمارهٔ همراه' }, country: 'IE', optional: true },
      ],
    },
    {
      id: 'car',
      title: { en: 'Your car', fa: 'خودروی شما' },
      fields: [
        { id: 'plate', type: 'text', label: { en: 'Registration number', fa: 'شمارهٔ پلاک' }, maxLength: 12, direction: 'ltr' },
        {
          id: 'holder',
          type: 'radio',
          label: { en: 'Who does the car belong to?', fa: 'خودرو از آن کیست؟' },
          options: [option('me', 'Me', 'من'), option('company', 'A company', 'یک شرکت'), option('other', 'Someone else', 'کس دیگری')],
        },
        {
          id: 'fuel',
          type: 'select',
          label: { en: 'What does it run on?', fa: 'سوخت آن چیست؟' },
          options: [option('petrol', 'Petrol', 'بنزین'), option('diesel', 'Diesel', 'گازوئیل'), option('electric', 'Electricity', 'برق')],
        },
        {
          id: 'needs',
          type: 'checkboxes',
          label: { en: 'What do you need?', fa: 'به چه نیاز دارید؟' },
          options: [option('street', 'Street parking', 'پارک در خیابان'), option('garage', 'Garage', 'پارکینگ سرپوشیده')],
          optional: true,
        },
        { id: 'weeks', type: 'number', label: { en: 'For how many weeks?', fa: 'برای چند هفته؟' }, integer: true, min: 1, max: 52 },
        {
          id: 'truth',
          type: 'consent',
          statement: { en: 'I live at the address registered for this permit.', fa: 'در نشانی ثبت‌شده برای این مجوز زندگی می‌کنم.' },
        },
      ],
    },
  ],
  documents: [
    { id: 'registration', label: { en: 'Vehicle registration', fa: 'کارت خودرو' }, accept: ['pdf', 'jpg', 'png'], maxBytes: 5_000_000 },
    {
      id: 'letter',
      label: { en: 'Letter from the company', fa: 'نامهٔ شرکت' },
      when: { '==': [{ var: 'holder' }, 'company'] },
      accept: ['pdf'],
      atDesk: true,
    },
  ],
  fee: {
    lines: [
      { id: 'base', label: { en: 'Permit', fa: 'مجوز' }, amount: 2000 },
      { id: 'week', label: { en: 'Each week', fa: 'هر هفته' }, amount: { '*': [{ var: 'weeks' }, 150] }, when: { '!=': [{ var: 'fuel' }, 'electric'] } },
    ],
  },
  stages: [
    { id: 'received', label: { en: 'Received', fa: 'دریافت شد' }, unit: 'desk' },
    { id: 'check', label: { en: 'Check of the documents', fa: 'بررسی مدارک' }, unit: 'desk', term: { value: 3, unit: 'workingDays' } },
    { id: 'issued', label: { en: 'Permit issued', fa: 'مجوز صادر شد' } },
  ],
}

/** Answers to its two pages. */
export const you = { name: 'Ana Lee', 'birth-day': '3', 'birth-month': '2', 'birth-year': '1990', email: 'ana@example.org' }
export const car = { plate: '12-D-345', holder: 'company', fuel: 'petrol', weeks: '10', truth: true }

/** A file can be removed once it has arrived. */
export const arrival = (page: Page) =>
  page
    .getByRole('button', { name: /^(Remove|Replace|حذف|برداشتن|جایگزینی).*registration\.pdf$/ })
    .first()
    .waitFor()

export async function giveDocuments(page: Page) {
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'registration.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') })
  await arrival(page)
  await page.locator('#d-letter-desk').check()
}
