/** The documents that the answers call for, and no others; each is handed over here or, where allowed, at the desk. */
import { requiredDocuments } from '@guichet/core'
import type { UploadedFile } from '@guichet/fields/field-view'
import { uploadList, uploadStyles } from '@guichet/fields/file/upload-list.view'
import type { RequiredDocument } from '@guichet/schemas'
import { html, nothing } from 'lit-html'
import { documentExample } from './document-example.ts'
import { errorSummary, focusSummary } from './error-summary.ts'
import { nextStep, problemsAt } from './going-on.ts'
import { goneThrough } from './gone-through.ts'
import { documentsStep } from './journey.ts'
import { laterStyles } from './later-styles.ts'
import { problemLine } from './problem-line.ts'
import { sayText } from './said.ts'
import { shown } from './shown-problem.ts'
import { stepFrame } from './step-frame.ts'
import type { Screen, ShownProblem, Visit } from './visit.ts'
import './more-styles.ts'

/** Ids of documents may be those of fields: on this step no field is drawn, so that is no clash. */
const idOf = (document: { id: string }) => `d-${document.id}`

export function documentsScreen(visit: Visit): Screen {
  const { session, words, files } = visit
  const { message } = words
  let problems: readonly ShownProblem[] = visit.found.filter(({ step }) => step === documentsStep)

  const give = (document: RequiredDocument, given: readonly UploadedFile[]) => {
    for (const file of given) files.set(file.id, file)
    session.documents = { ...session.documents, [document.id]: given.map(({ id }) => id) }
    visit.typed()
    visit.redraw()
  }
  const bring = (document: RequiredDocument, atDesk: boolean) => {
    session.atDesk = [...session.atDesk.filter((id) => id !== document.id), ...(atDesk ? [document.id] : [])]
    visit.typed()
    visit.redraw()
  }

  const one = ({ document, copies, maxFiles }: ReturnType<typeof requiredDocuments>[number]) => {
    const id = idOf(document)
    const problem = problems.find((shown) => shown.document === document.id)?.said ?? null
    const brought = document.atDesk === true && session.atDesk.includes(document.id)
    const given = (session.documents[document.id] ?? []).map((held) => files.get(held) ?? { id: held, name: held, size: 0, type: '' })
    const describedBy = [document.hint && `${id}-hint`, copies > 1 && `${id}-copies`, problem && `${id}-error`].filter(Boolean).join(' ') || undefined
    return html`<div class="g-field ${problem ? 'g-wrong' : ''}" role="group" aria-labelledby="${id}-label">
      <label class="g-label" id="${id}-label" for=${id}>
        ${sayText(words, document.label)} ${document.optional ? html`<span class="g-optional">${message('optional')}</span>` : nothing}
      </label>
      ${document.hint ? html`<div class="g-hint" id="${id}-hint">${sayText(words, document.hint)}</div>` : nothing}
      ${documentExample(words, document, message('documents.example'), message('documents.exampleLink'), visit.transport.base)}
      ${copies > 1 ? html`<p class="g-hint" id="${id}-copies">${message('documents.copies', { count: copies })}</p>` : nothing}
      ${problemLine(words, problem, id)}
      ${
        brought
          ? nothing
          : uploadList({
              id,
              name: document.id,
              describedBy,
              invalid: problem !== null,
              required: !document.optional,
              language: words.language,
              message: (key, params) => message(`file.${key}`, params),
              redraw: visit.redraw,
              uploader: visit.uploader,
              target: document.id,
              accept: document.accept,
              maxBytes: document.maxBytes,
              maxFiles,
              minPixels: document.minPixels,
              photos: document.photos,
              camera: document.camera,
              files: given,
              onChange: (next) => give(document, next),
            })
      }
      ${
        document.atDesk
          ? html`<label class="g-choice"
              ><input
                type="checkbox"
                id=${brought ? id : `${id}-desk`}
                .checked=${brought}
                aria-describedby=${(brought && describedBy) || nothing}
                @change=${(event: Event) => bring(document, (event.target as HTMLInputElement).checked)}
              /><span>${message('documents.atDesk')}</span></label
            >`
          : nothing
      }
    </div>`
  }

  const next = (event: Event) => {
    event.preventDefault()
    visit.found = visit.found.filter(({ step }) => step !== documentsStep)
    problems = [
      ...(visit.uploads() > 0 ? [{ said: { text: message('upload.wait'), language: words.language } }] : []),
      ...problemsAt(session, documentsStep).map((problem) => shown(visit, problem)),
    ]
    if (visit.program.definition.taskList) goneThrough(files).add(documentsStep)
    if (problems.length === 0) return visit.go(nextStep(session, documentsStep, visit.changing))
    visit.redraw()
    focusSummary(visit)
  }
  const focus = (document: string) => {
    const target = visit.find(`#${idOf({ id: document })}`)
    target?.closest('.g-field')?.scrollIntoView({ block: 'nearest' })
    target?.focus({ preventScroll: true })
    return Boolean(target)
  }

  return {
    styles: laterStyles + uploadStyles,
    template: () => html`
      ${stepFrame(visit, documentsStep)} ${errorSummary(visit, problems, ({ document }) => focus(document as string))}
      <form class="g-form" novalidate @submit=${next}>
        <h1 class="g-heading" tabindex="-1">${message('documents.title')}</h1>
        <div class="g-fields">${requiredDocuments(session).map(one)}</div>
        <button class="g-button">${message('continue')}</button>
      </form>
    `,
    focus,
  }
}
