/**
 * Files that go to the server as soon as they are chosen: a native file input, and the list of what is on its way and
 * what has arrived. File fields draw it, and the runtime draws it for required documents.
 */
import { html, nothing, type TemplateResult } from 'lit-html'
import type { FileType } from '../../generated/settings.ts'
import type { Json, Progress, UploadedFile, Uploader } from '../field-view.ts'
import { acceptAttribute, kindNames, passesAs, sizePlace, sizeText, usualBytes, usualKinds } from './file-kinds.ts'
import type { PhotoSettings } from './smaller-photo.view.ts'

export interface UploadListProps {
  /** DOM id of the file input. */
  id: string
  name: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
  language: string
  /** A string of the file type's messages. */
  message(key: string, params?: Readonly<Record<string, Json>>): string
  redraw(): void
  /** Absent in a preview that sends nothing. */
  uploader: Uploader | undefined
  /** Instance path of the file field, or a document's id. */
  target: string
  accept?: readonly FileType[]
  maxBytes?: number
  maxFiles?: number
  /** Least width and height of pictures. */
  minPixels?: readonly [number, number]
  /** Photos are made smaller before they are sent. */
  photos?: PhotoSettings | undefined
  /** Offers the camera besides. */
  camera?: boolean | undefined
  files: readonly UploadedFile[]
  onChange(files: UploadedFile[]): void
}

interface Sending {
  readonly file: File
  /** The photo that `file` was made of. */
  readonly original: File | null
  readonly abort: AbortController
  done: number
  /** How much is left, or what it waits for. */
  note: string
}

/** What a list knows beside the files that arrived. It outlives its drawing, so that an upload survives turning the page. */
interface Desk {
  props: UploadListProps
  sending: readonly Sending[]
  refusals: readonly string[]
  said: string
  replacing: string | null
  /** Ends when the one before has arrived, or will not: together they would only wait for each other. */
  turn: Promise<void>
  /** What photos that have arrived were made of, by the file's id. */
  originals: Map<string, File>
}

const desks = new WeakMap<Uploader, Map<string, Desk>>()

function deskOf(props: UploadListProps): Desk {
  const empty: Desk = { props, sending: [], refusals: [], said: '', replacing: null, turn: Promise.resolve(), originals: new Map() }
  if (!props.uploader) return empty
  let targets = desks.get(props.uploader)
  if (!targets) desks.set(props.uploader, (targets = new Map()))
  const desk = targets.get(props.target) ?? empty
  desk.props = props
  targets.set(props.target, desk)
  return desk
}

/** Files to keep, told at once, so that two uploads that end together do not undo each other. */
function keep(desk: Desk, files: UploadedFile[]) {
  desk.props = { ...desk.props, files }
  desk.props.onChange(files)
  desk.props.redraw()
}

/** A picture's width and height; null where the browser cannot tell. */
async function pixelsOf(file: File): Promise<readonly [number, number] | null> {
  try {
    const picture = await createImageBitmap(file)
    const pixels = [picture.width, picture.height] as const
    picture.close()
    return pixels
  } catch {
    return null
  }
}

/** Why a file is not even sent. The server has the last word on all of it. */
async function refusalOf(file: File, { accept = usualKinds, maxBytes = usualBytes, minPixels, message }: UploadListProps): Promise<string | null> {
  const { name } = file
  if (!passesAs(file, accept)) return message('wrongType', { name, types: kindNames(accept) })
  if (file.size === 0) return message('empty', { name })
  if (file.size > maxBytes) return message('tooLarge', { name, size: sizePlace(maxBytes) })
  if (!minPixels) return null
  const [width, height] = minPixels
  const pixels = await pixelsOf(file)
  return pixels && (pixels[0] < width || pixels[1] < height) ? message('tooFewPixels', { name, width, height }) : null
}

async function send(desk: Desk, sending: Sending, replaced: string | null) {
  const { uploader, target } = desk.props
  const { file, abort } = sending
  if (!uploader || abort.signal.aborted) return
  const progress: Progress = (done, { note = '', said } = { waiting: false }) => {
    // A bar need not move by less than one in a hundred.
    if (Math.floor(done * 100) <= Math.floor(sending.done * 100) && note === sending.note && said === undefined) return
    sending.done = Math.min(1, done)
    sending.note = note
    if (said !== undefined) desk.said = said
    desk.props.redraw()
  }
  try {
    const arrived = await uploader.upload(file, target, progress, abort.signal)
    desk.sending = desk.sending.filter((other) => other !== sending)
    // It came through before the cancelling did; nobody wants it.
    if (abort.signal.aborted) return desk.props.redraw()
    const { files, message } = desk.props
    if (sending.original) desk.originals.set(arrived.id, sending.original)
    const at = files.findIndex(({ id }) => id === replaced)
    desk.said = `${message('arrived', { name: arrived.name })}${sending.original ? `. ${smallerText(desk.props, sending.original, arrived)}` : ''}`
    keep(desk, at < 0 ? [...files, arrived] : files.map((other, i) => (i === at ? arrived : other)))
  } catch (error) {
    desk.sending = desk.sending.filter((other) => other !== sending)
    if (!abort.signal.aborted) {
      desk.said = ''
      desk.refusals = [...desk.refusals, error instanceof Error ? error.message : String(error)]
    }
    desk.props.redraw()
  }
}

/** Both sizes of a photo, in words. */
const smallerText = ({ message }: UploadListProps, original: File, { size }: UploadedFile) =>
  message('smaller', { from: sizePlace(original.size), to: sizePlace(size) })

/** Null: it is sent as it is. */
async function smaller(file: File, { photos, accept = usualKinds }: UploadListProps): Promise<File | null> {
  if (!photos || !accept.includes('jpg') || !file.type.startsWith('image/')) return null
  try {
    return await (await import('./smaller-photo.view.ts')).smallerPhoto(file, photos)
  } catch {
    return null
  }
}

/** `whole`: photos stay as they are. */
async function choose(desk: Desk, chosen: readonly File[], whole = false) {
  const { files, maxFiles = 1, message } = desk.props
  // Where one file is taken, choosing another one means that one.
  const first = desk.replacing ?? (maxFiles === 1 && chosen.length === 1 ? (files[0]?.id ?? null) : null)
  desk.replacing = null
  desk.refusals = []
  let room = maxFiles - files.length - desk.sending.length + (first === null ? 0 : 1)
  let replaces = first
  for (const given of chosen) {
    const made = whole ? null : await smaller(given, desk.props)
    const file = made ?? given
    // On its way already.
    if (desk.sending.some(({ file: other }) => other.name === file.name && other.size === file.size && other.lastModified === file.lastModified)) continue
    const refusal = (await refusalOf(file, desk.props)) ?? (room > 0 ? null : message('noRoom', { name: file.name, count: maxFiles }))
    if (refusal) {
      desk.refusals = [...desk.refusals, refusal]
      continue
    }
    room -= 1
    const sending: Sending = { file, original: made && given, abort: new AbortController(), done: 0, note: '' }
    const replaced = replaces
    // Of the next ones their turn is not said: it would talk over the arrival of the one before.
    if (desk.sending.length === 0) desk.said = message('sending', { name: file.name })
    desk.sending = [...desk.sending, sending]
    desk.turn = desk.turn.then(() => send(desk, sending, replaced))
    replaces = null
  }
  desk.props.redraw()
}

/** The list's file input, from one of its buttons. */
const inputOf = (event: Event) => (event.currentTarget as Element).closest('.g-upload')?.querySelector('input') ?? null

export function uploadList(props: UploadListProps): TemplateResult {
  const desk = deskOf(props)
  const { id, accept = usualKinds, maxBytes = usualBytes, maxFiles = 1, files, language, message } = props
  // Where there is no camera to hold up, its button would only open the files once more.
  const camera = props.camera && props.uploader && accept.includes('jpg') && globalThis.matchMedia?.('(pointer: coarse)').matches
  const rules = { types: kindNames(accept), size: sizePlace(maxBytes) }
  const button = (key: string, name: string, act: (event: Event) => void) =>
    html`<button class="g-link" type="button" @click=${act}>${message(key)}<span class="g-hidden"> ${name}</span></button>`

  const sendingRow = (sending: Sending) =>
    html`<li class="g-upload-file">
      <bdi class="g-upload-name">${sending.file.name}</bdi>
      <progress class="g-upload-bar" max="1" .value=${sending.done} aria-label=${message('sending', { name: sending.file.name })}></progress>
      ${sending.note ? html`<span class="g-muted g-upload-note">${sending.note}</span>` : nothing}
      ${button('cancel', sending.file.name, (event) => {
        inputOf(event)?.focus()
        sending.abort.abort()
        desk.said = message('cancelled', { name: sending.file.name })
        desk.sending = desk.sending.filter((other) => other !== sending)
        props.redraw()
      })}
    </li>`
  /** What became of a photo, and the way back where there is one. */
  const photo = (file: UploadedFile) => {
    const original = desk.originals.get(file.id)
    if (!original) return nothing
    const takeBack = button('original', file.name, (event) => {
      inputOf(event)?.focus()
      desk.replacing = file.id
      void choose(desk, [original], true)
    })
    return html`<span class="g-muted g-upload-note">${smallerText(props, original, file)} ${props.photos?.keepOriginal ? takeBack : nothing}</span>`
  }
  const row = (file: UploadedFile) =>
    html`<li class="g-upload-file">
      <span class="g-upload-name"><bdi>${file.name}</bdi> <span class="g-muted">${sizeText(file.size, language)}</span></span>
      ${photo(file)}
      ${button('replace', file.name, (event) => {
        desk.replacing = file.id
        inputOf(event)?.click()
      })}
      ${button('remove', file.name, (event) => {
        // The button is about to go; whoever pressed it must not be thrown back to the top of the page.
        inputOf(event)?.focus()
        desk.said = message('removed', { name: file.name })
        desk.refusals = []
        keep(
          desk,
          desk.props.files.filter((other) => other.id !== file.id),
        )
      })}
    </li>`

  return html`<div class="g-upload">
    <div class="g-hint" id="${id}-rules">${maxFiles > 1 ? message('rulesEach', { ...rules, count: maxFiles }) : message('rules', rules)}</div>
    <div class="g-choose"><input
      class="g-file"
      type="file"
      id=${id}
      name=${props.name}
      accept=${acceptAttribute(accept)}
      ?multiple=${maxFiles > 1}
      ?disabled=${!props.uploader}
      aria-describedby=${[props.describedBy, `${id}-rules`].filter(Boolean).join(' ')}
      aria-invalid=${props.invalid ? 'true' : nothing}
      aria-required=${props.required ? 'true' : nothing}
      @cancel=${() => {
        desk.replacing = null
      }}
      @change=${(event: Event) => {
        const input = event.target as HTMLInputElement
        const chosen = [...(input.files ?? [])]
        // Emptied, so that the same file can be chosen again after it was removed or corrected.
        input.value = ''
        void choose(desk, chosen)
      }}
    /><label class="g-button g-button-secondary" for=${id}>${message('choose', { count: maxFiles })}</label></div>
    ${
      camera
        ? html`<input
            type="file"
            hidden
            accept="image/*"
            capture="environment"
            data-camera
            @change=${(event: Event) => {
              const input = event.target as HTMLInputElement
              const chosen = [...(input.files ?? [])]
              input.value = ''
              void choose(desk, chosen)
            }}
          /><button
            type="button"
            class="g-button g-button-secondary"
            aria-describedby="${id}-rules"
            @click=${(event: Event) => (event.currentTarget as Element).closest('.g-upload')?.querySelector<HTMLInputElement>('[data-camera]')?.click()}
          >
            ${message('camera')}
          </button>`
        : nothing
    }
    ${(props.uploader?.unfinished?.(props.target) ?? [])
      .filter((name) => !desk.sending.some(({ file }) => file.name === name))
      .map((name) => html`<p class="g-notice">${message('unfinished', { name })}</p>`)}
    <div class="g-hidden" role="status">${desk.said}</div>
    <div role="alert">${desk.refusals.map((refusal) => html`<p class="g-error">${refusal}</p>`)}</div>
    ${
      files.length + desk.sending.length > 0
        ? html`<ul class="g-upload-list" aria-label=${message('list')}>${files.map(row)}${desk.sending.map(sendingRow)}</ul>`
        : nothing
    }
  </div>`
}

export const uploadStyles = `
.g-choose { position: relative; inline-size: fit-content; max-inline-size: 100%; margin-block: 0.5em; }
.g-file { position: absolute; inset: 0; inline-size: 100%; opacity: 0; cursor: pointer; }
:focus-visible + .g-button { outline: 3px solid var(--guichet-colour-focus); outline-offset: 2px; }
.g-upload-list { list-style: none; margin: 0.5em 0 0; padding: 0; }
.g-upload-file { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1em; padding-block: 0.25em; border-block-end: 1px solid var(--guichet-colour-line); }
.g-upload-name { flex: 1 1 12em; min-inline-size: 0; overflow-wrap: anywhere; }
.g-upload-bar { flex: 1 1 8em; accent-color: var(--guichet-colour-primary); }
.g-upload-note { flex: 1 1 100%; order: 1; }
`
