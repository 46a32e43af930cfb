/**
 * The usual field types as they are everywhere else: with what checks an answer and what shows it. Whoever imports this has
 * them; the first page, on which nothing is checked, is there sooner without.
 */
import { fields } from 'virtual:guichet-fields'
import { laterTypes } from 'virtual:guichet-later-types'

for (const [name, methods] of Object.entries(laterTypes)) Object.assign(fields[name]?.type ?? {}, methods)
