// Made by packages/runtime/build/manifest.ts from the doc blocks of the elements.
import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import type * as Guichet from './elements.d.ts'

type Props<Element, Attributes> = DetailedHTMLProps<HTMLAttributes<Element>, Element> & Attributes

/** React 19 listens to `onguichet-ready` and its like on custom elements. */
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'guichet-catalog': Props<Guichet.GuichetCatalogElement, Guichet.GuichetCatalogAttributes> & {
        'onguichet-ready'?: (event: Guichet.GuichetEvents['guichet-ready']) => void
        'onguichet-failed'?: (event: Guichet.GuichetEvents['guichet-failed']) => void
      }
      'guichet-guide': Props<Guichet.GuichetGuideElement, Guichet.GuichetGuideAttributes> & {
        'onguichet-ready'?: (event: Guichet.GuichetEvents['guichet-ready']) => void
        'onguichet-failed'?: (event: Guichet.GuichetEvents['guichet-failed']) => void
      }
      'guichet-service': Props<Guichet.GuichetServiceElement, Guichet.GuichetServiceAttributes> & {
        'onguichet-ready'?: (event: Guichet.GuichetEvents['guichet-ready']) => void
        'onguichet-page'?: (event: Guichet.GuichetEvents['guichet-page']) => void
        'onguichet-submitted'?: (event: Guichet.GuichetEvents['guichet-submitted']) => void
        'onguichet-failed'?: (event: Guichet.GuichetEvents['guichet-failed']) => void
      }
      'guichet-status': Props<Guichet.GuichetStatusElement, Guichet.GuichetStatusAttributes> & {
        'onguichet-case'?: (event: Guichet.GuichetEvents['guichet-case']) => void
        'onguichet-failed'?: (event: Guichet.GuichetEvents['guichet-failed']) => void
      }
    }
  }
}
