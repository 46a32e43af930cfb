import { type Edit, refuse } from './edit.ts'
import { documentFollows, pageFollows } from './examples-follow.ts'
import { isId } from './ids.ts'
import { kindOf, partAt } from './part.ts'
import { write } from './pointer.ts'
import { mapReferences, type SettingsSchemas } from './references.ts'

/** Gives a page or required document another id; look-ups and the wallet that name the document follow. */
export const renamePart =
  ({ pointer, id, settings }: { pointer: string; id: string; settings: SettingsSchemas }): Edit =>
  (definition) => {
    const kind = kindOf(pointer)
    const part = partAt(definition, pointer)
    if (!part || (kind !== 'page' && kind !== 'document')) return refuse('noSuchPart', { pointer })
    if (!isId(id)) return refuse('idForm', { id })
    const peers = kind === 'page' ? definition.pages : (definition.documents ?? [])
    if (peers.some((peer) => peer.id === id)) return refuse('idTaken', { id })
    const followed =
      kind === 'page'
        ? pageFollows(definition, part.id, id)
        : mapReferences(documentFollows(definition, part.id, id), settings, (value, { kind: what, property }) =>
            what === 'id' && (property === 'wallet' || property === 'document') && value === part.id ? id : value,
          )
    return { definition: write(followed, `${pointer}/id`, id), part: pointer, words: { key: 'rename', params: { from: part.id, to: id } } }
  }
