// Made by packages/runtime/build/manifest.ts from the doc blocks of the elements.
import type { DefineComponent } from 'vue'
import type * as Guichet from './elements.d.ts'

declare module 'vue' {
  interface GlobalComponents {
    'guichet-catalog': DefineComponent<
      Guichet.GuichetCatalogAttributes & {
        onGuichetReady?: (event: Guichet.GuichetEvents['guichet-ready']) => void
        onGuichetFailed?: (event: Guichet.GuichetEvents['guichet-failed']) => void
      }
    >
    'guichet-guide': DefineComponent<
      Guichet.GuichetGuideAttributes & {
        onGuichetReady?: (event: Guichet.GuichetEvents['guichet-ready']) => void
        onGuichetFailed?: (event: Guichet.GuichetEvents['guichet-failed']) => void
      }
    >
    'guichet-service': DefineComponent<
      Guichet.GuichetServiceAttributes & {
        onGuichetReady?: (event: Guichet.GuichetEvents['guichet-ready']) => void
        onGuichetPage?: (event: Guichet.GuichetEvents['guichet-page']) => void
        onGuichetSubmitted?: (event: Guichet.GuichetEvents['guichet-submitted']) => void
        onGuichetFailed?: (event: Guichet.GuichetEvents['guichet-failed']) => void
      }
    >
    'guichet-status': DefineComponent<
      Guichet.GuichetStatusAttributes & {
        onGuichetCase?: (event: Guichet.GuichetEvents['guichet-case']) => void
        onGuichetFailed?: (event: Guichet.GuichetEvents['guichet-failed']) => void
      }
    >
  }
}
