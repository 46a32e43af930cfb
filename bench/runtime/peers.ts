/** Who is measured. A peer is a script in peers/ that mounts a form, and a definition made of the neutral form. */
import { formJs } from './definitions/form-js.ts'
import { formio } from './definitions/formio.ts'
import { guichet } from './definitions/guichet.ts'
import { jsonForms } from './definitions/json-forms.ts'
import { rjsf } from './definitions/rjsf.ts'
import { surveyJs } from './definitions/survey-js.ts'
import type { FormSpec } from './form-spec.ts'

export interface Peer {
  title: string
  /** File in peers/. */
  script: string
  definition(form: FormSpec): unknown
  /** Style sheets that its page needs, seen from this folder. */
  styles: string[]
  /** npm packages whose versions are told. */
  packages: string[]
  /** Folder of a built Guichet runtime, which the script loads. */
  runtime?: string
  /** What a page has a tag for, where that is not the script here, which drives it: others are bundled into theirs. */
  tag?: string
}

const asIs = (form: FormSpec) => form
const installed = (path: string) => `node_modules/${path}`

/** The peer with a runtime built from other sources, to compare two states of ours. */
export const guichetAt = (runtime: string, title = 'Guichet'): Peer => ({
  title,
  script: 'guichet.ts',
  definition: guichet,
  styles: [],
  packages: [],
  runtime,
  tag: 'runtime/embed.js',
})

export const floor = 'html'
export const litFloor = 'lit-elements'
/** Form runtimes of others. */
export const rivals: readonly string[] = ['rjsf', 'form-js', 'json-forms', 'survey-js', 'formio']

export const peers: Readonly<Record<string, Peer>> = {
  guichet: guichetAt('../../packages/runtime/dist'),
  html: { title: 'hand-written HTML', script: 'html.ts', definition: asIs, styles: ['page/plain.css'], packages: [] },
  'html-cv': {
    title: 'hand-written HTML, content-visibility',
    script: 'html-content-visibility.ts',
    definition: asIs,
    styles: ['page/plain.css', 'page/content-visibility.css'],
    packages: [],
  },
  'lit-one': { title: 'bare Lit, one component', script: 'lit-one.js', definition: asIs, styles: [], packages: ['lit'] },
  'lit-elements': { title: 'bare Lit, one element a field', script: 'lit-elements.js', definition: asIs, styles: [], packages: ['lit'] },
  rjsf: { title: 'rjsf', script: 'rjsf.js', definition: rjsf, styles: [], packages: ['@rjsf/core', '@rjsf/validator-ajv8', 'react'] },
  'form-js': {
    title: 'form-js',
    script: 'form-js.js',
    definition: formJs,
    styles: [installed('@bpmn-io/form-js-viewer/dist/assets/form-js.css')],
    packages: ['@bpmn-io/form-js-viewer'],
  },
  'json-forms': {
    title: 'JSON Forms',
    script: 'json-forms.js',
    definition: jsonForms,
    styles: [],
    packages: ['@jsonforms/react', '@jsonforms/vanilla-renderers', 'react'],
  },
  'survey-js': {
    title: 'SurveyJS',
    script: 'survey-js.js',
    definition: surveyJs,
    styles: [installed('survey-core/survey-core.fontless.min.css')],
    packages: ['survey-core', 'survey-js-ui'],
  },
  formio: {
    title: 'Form.io',
    script: 'formio.js',
    definition: formio,
    styles: [installed('bootstrap/dist/css/bootstrap.min.css'), installed('@formio/js/dist/formio.form.min.css')],
    packages: ['@formio/js'],
  },
}
