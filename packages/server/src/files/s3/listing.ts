import { parseXml, XmlElement } from '@rgrove/parse-xml'

export interface Listing {
  objects: { key: string; modified: Date }[]
  /** Whether others follow after the last of these. */
  more: boolean
}

/**
 * The answer to ListObjects: the first version, which every store has and which goes on after a name; the tokens of the
 * second one are of no use to us. @throws if it is none
 */
export function readListing(body: Uint8Array): Listing {
  const { root } = parseXml(Buffer.from(body).toString())
  if (root?.name !== 'ListBucketResult') throw new Error('no list of objects')
  return {
    objects: childrenOf(root, 'Contents').map((entry) => ({ key: textOf(entry, 'Key'), modified: new Date(textOf(entry, 'LastModified')) })),
    more: textOf(root, 'IsTruncated') === 'true',
  }
}

/** One field of a small answer, such as UploadId. @throws if the answer is another one, as when an error comes with status 200 */
export function readField(body: Uint8Array, answer: string, field: string): string {
  const { root } = parseXml(Buffer.from(body).toString())
  const value = root?.name === answer ? textOf(root, field) : ''
  if (value === '') throw new Error(`no ${answer}`)
  return value
}

const childrenOf = (element: XmlElement, name: string) =>
  element.children.filter((child): child is XmlElement => child instanceof XmlElement && child.name === name)
const textOf = (element: XmlElement, name: string) => childrenOf(element, name)[0]?.text ?? ''
