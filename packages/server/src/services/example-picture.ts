/** Pictures of what a good document looks like: kept in the definition, and handed out apart from it, to whoever opens them. */
import type { ServiceDefinition } from '@guichet/schemas'

/** The definition with an address of the server in the place of each picture: most readers never look at one. */
export function withoutPictures(definition: ServiceDefinition, { agency, version }: { agency: string; version: number }): ServiceDefinition {
  const { documents } = definition
  if (!documents?.some(({ examplePicture }) => examplePicture?.src.startsWith('data:'))) return definition
  const address = (id: string) => `v1/services/${agency}/${definition.id}/versions/${version}/pictures/${id}`
  return {
    ...definition,
    documents: documents.map((document) =>
      document.examplePicture?.src.startsWith('data:') ? { ...document, examplePicture: { ...document.examplePicture, src: address(document.id) } } : document,
    ),
  }
}

/** The picture of a document, as it was put into the definition; null where there is none. */
export function pictureOf({ documents = [] }: ServiceDefinition, id: string): { type: string; bytes: Uint8Array<ArrayBuffer> } | null {
  const { src = '' } = documents.find((document) => document.id === id)?.examplePicture ?? {}
  const [, type, data] = /^data:(image\/(?:png|jpeg|webp));base64,(.+)$/.exec(src) ?? []
  return type && data ? { type, bytes: new Uint8Array(Buffer.from(data, 'base64')) } : null
}
