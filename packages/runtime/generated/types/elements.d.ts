// Made by packages/runtime/build/manifest.ts from the doc blocks of the elements.
/** `/// <reference types="@guichet/runtime/types/elements" />` gives elements and events their types. */
/** The services of a server that this page may embed, with a search that forgives accents, final sigma, Vietnamese marks, and Arabic and Persian forms of letters. Each line links to the service. */
export interface GuichetCatalogElement extends HTMLElement {
}

/** What somebody needs for a service, before they start and without signing in: its few questions, and the documents, the fee and the steps that follow from the answers. Nothing is sent and nothing is kept. */
export interface GuichetGuideElement extends HTMLElement {
}

/** One public service, from its guide to the tracking code. */
export interface GuichetServiceElement extends HTMLElement {
  /** The service in one language, as its server gives it. Set, it is shown instead of being loaded; what was typed stays, as far as its fields do. */
  view: object | null
  /** How the service is loaded and sent: set before `view`, or in place of `service`. */
  transport: object | null
  /** What is going on: the answers, and the step that is shown. For previews; null until the service is shown. */
  readonly visit: object | null
  /** Goes to a page by its id, or to `#start`, `#documents`, `#check`. */
  show(step: string, at?: string): void
}

/** Follows a case by its tracking code: asks for the code, and shows in words where the case stands. The code goes to the server in the body of a request, and nowhere else; it is not kept. */
export interface GuichetStatusElement extends HTMLElement {
}

export interface GuichetCatalogAttributes {
  /** Language wanted; else that of the page around. */
  lang?: string
  /** Address of the server, if it is not the one that the script was loaded from. */
  base?: string
  /** Only services of this agency. */
  agency?: string
  /** Code of a life event: only services that belong to it. */
  event?: string
  /** Where services are on the agency's own site, such as `/apply/{service}?lang={language}`; else pages of the server. */
  href?: string
}

export interface GuichetGuideAttributes {
  /** `agency/service`. */
  service?: string
  /** Language wanted; else that of the page around. */
  lang?: string
  /** Address of the server, if it is not the one that the script was loaded from. */
  base?: string
  /** Where the service itself is; else a page of the server. `{language}` stands for the language. */
  href?: string
  /** Addresses of modules with field types made elsewhere, parted by spaces. */
  types?: string
}

export interface GuichetServiceAttributes {
  /** `agency/service`. */
  service?: string
  /** Language wanted; else that of the page around. Changing it keeps what was typed. */
  lang?: string
  /** Address of the server, if it is not the one that the script was loaded from. */
  base?: string
  /** `iframe`: in a frame of its own, so that scripts of the page see neither answers nor tracking code. */
  isolation?: string
  /** Fingerprints of the keys that a sealed service may be sealed to, parted by blanks: with any others nothing is sent. */
  keys?: string
  /** Addresses of modules with field types made elsewhere, parted by spaces. */
  types?: string
}

export interface GuichetStatusAttributes {
  /** Language wanted; else that of the page around. */
  lang?: string
  /** Address of the server, if it is not the one that the script was loaded from. */
  base?: string
}

export interface GuichetEvents {
  'guichet-ready': CustomEvent<{ services: number }> | CustomEvent<Record<never, never>>
  'guichet-failed': CustomEvent<{ reason: 'unreachable' | 'refused', status?: number }> | CustomEvent<{ reason: 'unreachable' | 'refused' | 'definition', status?: number, error?: unknown }>
  'guichet-page': CustomEvent<{ page: string }>
  'guichet-submitted': CustomEvent<{ reference: string }>
  'guichet-case': CustomEvent<{ status: string, stage: string | null }>
}

declare global {
  interface HTMLElementTagNameMap {
    'guichet-catalog': GuichetCatalogElement
    'guichet-guide': GuichetGuideElement
    'guichet-service': GuichetServiceElement
    'guichet-status': GuichetStatusElement
  }
  interface HTMLElementEventMap extends GuichetEvents {}
  interface DocumentEventMap extends GuichetEvents {}
}
