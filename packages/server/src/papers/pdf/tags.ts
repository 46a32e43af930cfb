/** What stands for what (tagged PDF, ISO 32000-1, 14.7 and 14.8): for screen readers, and for whoever takes the text out. */
import { type PdfObjects, refer, textString } from './objects.ts'

export type Tag = 'Document' | 'H1' | 'H2' | 'H3' | 'H4' | 'H5' | 'H6' | 'P' | 'Table' | 'TR' | 'TH' | 'TD'

export interface Element {
  tag: Tag
  kids: (Element | { page: number; mark: number })[]
  /** Where it is not that of the document. */
  language?: string | undefined
  /** The text, where what is drawn is not in its order. */
  text?: string | undefined
}

export interface Tags {
  readonly root: Element
  add(parent: Element, element: Omit<Element, 'kids'>): Element
  /** Says that the next part of a page is of the element, and gives its mark there. */
  mark(element: Element, page: number): number
  /** Puts the tree in and gives its number. `pages`: numbers of the pages' objects, by page. */
  write(objects: PdfObjects, pages: readonly number[]): number
}

/** Tag of headings of a level. */
export const headingTag = (level: number) => `H${level}` as Tag

export function createTags(): Tags {
  const root: Element = { tag: 'Document', kids: [] }
  const marked: Element[][] = []
  return {
    root,
    add(parent, element) {
      const made: Element = { ...element, kids: [] }
      parent.kids.push(made)
      return made
    },
    mark(element, page) {
      const ofPage = (marked[page] ??= [])
      const mark = ofPage.push(element) - 1
      element.kids.push({ page, mark })
      return mark
    },
    write(objects, pages) {
      const tree = objects.reserve()
      const numbers = new Map<Element, number>()
      const write = (element: Element, parent: number): number => {
        const object = objects.reserve()
        numbers.set(element, object)
        const kids = element.kids.map((kid) =>
          'tag' in kid ? refer(write(kid, object)) : `<</Type/MCR/Pg ${refer(pages[kid.page] as number)}/MCID ${kid.mark}>>`,
        )
        const entries = [
          `/Type/StructElem/S/${element.tag}/P ${refer(parent)}/K[${kids.join(' ')}]`,
          element.language === undefined ? '' : `/Lang${textString(element.language)}`,
          element.text === undefined ? '' : `/ActualText${textString(element.text)}`,
          element.tag === 'TH' ? '/A<</O/Table/Scope/Row>>' : '',
        ]
        objects.put(object, `<<${entries.join('')}>>`)
        return object
      }
      const document = write(root, tree)
      const parents = pages.map((_, page) => `${page} [${(marked[page] ?? []).map((element) => refer(numbers.get(element) as number)).join(' ')}]`)
      const parentTree = objects.add(`<</Nums[${parents.join(' ')}]>>`)
      objects.put(tree, `<</Type/StructTreeRoot/K[${refer(document)}]/ParentTree ${refer(parentTree)}/ParentTreeNextKey ${pages.length}>>`)
      return tree
    },
  }
}
