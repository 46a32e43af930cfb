import type { Preset, RevealRule, Said } from '../rule.ts'

/** What a role sees. `see` absent: as the preset says. */
export interface FieldSight {
  see?: readonly string[]
  hidden?: readonly string[]
}
export const sightRoles = ['owner', 'officer', 'key', 'delivery'] as const
export type FieldsOptions = Readonly<Partial<Record<(typeof sightRoles)[number], FieldSight>>>

const everything: FieldSight = { see: ['*'] }
const nothing: FieldSight = { see: [] }
const all: FieldsOptions = { owner: everything, officer: everything, key: everything, delivery: everything }
const people: FieldsOptions = { owner: everything, officer: everything, key: nothing, delivery: nothing }

/** A path and the repeated groups that it lies in: `members.name` also lies in `members`. */
const covers = (paths: ReadonlySet<string>, path: string): boolean => {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('.'))) {
    if (paths.has(at)) return true
    if (!at.includes('.')) return false
  }
}

/** What the options say, and of what they do not say, the preset. */
const sightOf = (options: FieldsOptions, preset: Preset, role: (typeof sightRoles)[number]): Required<FieldSight> => ({
  hidden: [],
  ...(fields.presets[preset][role] as Required<Pick<FieldSight, 'see'>>),
  ...options[role],
})

/** Whether a field is one of the version's is for whoever shows it to say (cases/revealed.ts): an unknown one is shown to nobody. */
export const fields: RevealRule<FieldsOptions> = {
  name: 'fields',
  stage: 'reveal',
  presets: { open: all, standard: all, confidential: people, sealed: people },
  settle(options, preset) {
    const sights = new Map(
      sightRoles.map((role) => {
        const { see, hidden } = sightOf(options, preset, role)
        return [role as string, { see: new Set(see), hidden: new Set(hidden) }]
      }),
    )
    return function revealFields({ roles }) {
      const theirs = roles.flatMap((role) => sights.get(role) ?? [])
      // Whoever is several things sees what any of them does.
      return (path) => theirs.some(({ see, hidden }) => (see.has('*') || covers(see, path)) && !covers(hidden, path))
    }
  },
  fields: (options) =>
    Object.values(options)
      .flatMap(({ see = [], hidden = [] }) => [...see, ...hidden])
      .filter((path) => path !== '*'),
  explain(options, preset) {
    const isWhole = ({ see, hidden }: Required<FieldSight>) => see.includes('*') && hidden.length === 0
    const isNone = ({ see }: Required<FieldSight>) => see.length === 0
    const [officer, delivery] = [sightOf(options, preset, 'officer'), sightOf(options, preset, 'delivery')]
    const citizen: Said[] = [{ key: isWhole(officer) ? 'rule.fields.all' : 'rule.fields.some' }]
    if (isNone(delivery)) citizen.push({ key: 'rule.fields.stay' })
    return { citizen, author: [{ key: 'rule.fields.author' }] }
  },
}
