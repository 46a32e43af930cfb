/** The screens beside the editor itself: what loads each of them, and what each is given of the draft. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Account, Api, KeptLine } from './api.ts'
import type { Draft } from './editor/edit.ts'
import type { Finding } from './findings.ts'
import type { PickedEvent } from './type-picker.ts'

/** The screens beside the editor itself; each is loaded when it is first wanted. */
export const views = {
  edit: async () => {},
  tables: () => import('./tables-view.ts'),
  logic: () => import('./logic-view.ts'),
  map: () => import('./map-view.ts'),
  paths: () => import('./paths-view.ts'),
  translation: () => import('./translation-view.ts'),
  versions: () => import('./versions-view.ts'),
  blocks: () => import('./blocks-view.ts'),
  base: () => import('./base-view.ts'),
  share: () => import('./share-view.ts'),
} as const
export type View = keyof typeof views

export interface ViewGiven {
  readonly draft: Draft
  readonly findings: readonly Finding[]
  readonly account: Account
  readonly api: Api
  readonly blocks: ReadonlyMap<string, KeptLine>
  readonly isPublished: boolean
  readonly onPicked: (event: PickedEvent) => void
}

export function viewContent(view: View, { draft, findings, account, api, blocks, isPublished, onPicked }: ViewGiven): TemplateResult | typeof nothing {
  switch (view) {
    case 'edit':
      return nothing
    case 'tables':
      return html`<builder-tables data-view .draft=${draft} .findings=${findings}></builder-tables>`
    case 'logic':
      return html`<builder-logic data-view .draft=${draft} .findings=${findings}></builder-logic>`
    case 'map':
      return html`<builder-map data-view .draft=${draft}></builder-map>`
    case 'paths':
      return html`<builder-paths data-view .draft=${draft} .agency=${account.agency.id}></builder-paths>`
    case 'translation':
      return html`<builder-translation data-view .draft=${draft}></builder-translation>`
    case 'versions':
      return html`<builder-versions data-view .draft=${draft} .account=${account} .agency=${account.agency.id} .api=${api}></builder-versions>`
    case 'blocks':
      return html`<builder-blocks data-view .draft=${draft} .blocks=${blocks} .api=${api} @builder-picked=${onPicked}></builder-blocks>`
    case 'base':
      return html`<builder-base data-view .draft=${draft} .api=${api}></builder-base>`
    case 'share':
      return html`<builder-share data-view .draft=${draft} .agency=${account.agency.id} .api=${api} .published=${isPublished}></builder-share>`
  }
}
