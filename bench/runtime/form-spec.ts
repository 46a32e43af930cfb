/**
 * The form that every peer renders, in no peer's format: eight kinds of field in turn, every second one required, every
 * fifth shown by a condition. Half of the conditions hang on the first radio group, the others on the nearest choice
 * before them, so that one click shows a tenth of the form.
 */
export type Kind = 'text' | 'radio' | 'select' | 'email' | 'number' | 'date' | 'checkboxes' | 'textarea'

export interface SpecField {
  key: string
  kind: Kind
  label: string
  required: boolean
  options?: { value: string; label: string }[]
  shownIf?: { key: string; is: string }
}

export interface FormSpec {
  id: string
  title: string
  fields: SpecField[]
}

/** What the page under test is checked against. */
export interface Facts {
  shownAtFirst: string[]
  hiddenAtFirst: string[]
  /** Fields that the first radio group shows and hides. */
  toggled: string[]
}

const turn: readonly Kind[] = ['text', 'radio', 'select', 'email', 'number', 'date', 'checkboxes', 'textarea']
const words: Readonly<Record<Kind, string>> = {
  text: 'Full name',
  radio: 'Applicant category',
  select: 'District',
  email: 'Email address',
  number: 'People in the household',
  date: 'Date of birth',
  checkboxes: 'Documents enclosed',
  textarea: 'Remarks',
}
const choices: Readonly<Partial<Record<Kind, readonly [count: number, word: string]>>> = {
  radio: [4, 'Category'],
  select: [10, 'District'],
  checkboxes: [5, 'Document'],
}

/** The text field that is typed into, and the radio group that is clicked. */
export const typedKey = 'f1'
export const toggleKey = 'f2'

export function makeForm(size: number): FormSpec {
  const fields: SpecField[] = []
  let lastChoice = toggleKey
  for (let i = 0; i < size; i++) {
    const kind = turn[i % turn.length] as Kind
    const field: SpecField = { key: `f${i + 1}`, kind, label: `${words[kind]} ${i + 1}`, required: i % 2 === 0 }
    const [count, word] = choices[kind] ?? [0, '']
    if (count > 0) field.options = Array.from({ length: count }, (_, n) => ({ value: `o${n + 1}`, label: `${word} ${n + 1}` }))
    if (i % 5 === 4) field.shownIf = { key: i % 10 === 4 ? toggleKey : lastChoice, is: 'o1' }
    else if (kind === 'radio' || kind === 'select') lastChoice = field.key
    fields.push(field)
  }
  return { id: `form-${size}`, title: `Benchmark form of ${size} fields`, fields }
}

export const sizes = { F10: 10, F50: 50, F200: 200, F1000: 1000 } as const
export type FormName = keyof typeof sizes

export const factsOf = ({ fields }: FormSpec): Facts => ({
  shownAtFirst: fields.filter((field) => !field.shownIf).map(({ key }) => key),
  hiddenAtFirst: fields.filter((field) => field.shownIf).map(({ key }) => key),
  toggled: fields.filter(({ shownIf }) => shownIf?.key === toggleKey).map(({ key }) => key),
})
