import type { RequiredDocument } from '@guichet/schemas'
import type { Edit } from './edit.ts'
import { idFrom } from './ids.ts'
import { insert } from './pointer.ts'

/** Adds a required document before the one at `index`; last if there is no index. */
export const addDocument =
  ({ label, index }: { label: string; index?: number }): Edit =>
  (definition) => {
    const documents = definition.documents ?? []
    const at = Math.max(0, Math.min(index ?? documents.length, documents.length))
    const id = idFrom(label, new Set(documents.map((document) => document.id)), 'document')
    const document: RequiredDocument = { id, label: { [definition.languages[0]]: label }, accept: ['pdf', 'jpg', 'png'], maxBytes: 10_000_000 }
    return { definition: insert(definition, '/documents', at, document), part: `/documents/${at}`, words: { key: 'addDocument', params: { name: label } } }
  }
