import { html } from 'lit-html'
import type { HiddenField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'

/** Nobody sees it; its value is in the session. */
export const view: FieldView<HiddenField> = { layout: 'bare', render: () => html`` }
