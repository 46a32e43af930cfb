/**
 * Sealing what is answered before it leaves the browser, for services whose server must not read it. Loaded by those
 * services alone.
 */
import { clearPartOf, compile, createSession, type Messages, type Program } from '@guichet/core'
import type { Progress, UploadedFile } from '@guichet/fields/field-view'
import type { Submission } from '@guichet/schemas'
import {
  canSeal,
  clearPart,
  type FileNote,
  fileInfo,
  fingerprintOf,
  isPinned,
  type SealedService,
  sealedTarget,
  sealFile,
  sealSubmission,
  TooLong,
} from '@guichet/sealing'
import { html, nothing, type TemplateResult } from 'lit-html'
import { sayText } from './said.ts'
import type { ServiceView } from './service-view.ts'
import { Refused, read } from './transport.ts'
import type { Visit } from './visit.ts'
import type { Words } from './words.ts'
import './more-styles.ts'

/** A file that was sealed and sent; the page alone knows its key and its name. */
interface SealedUpload extends UploadedFile, Pick<FileNote, 'key' | 'sealed'> {}
const isSealed = (file: UploadedFile): file is SealedUpload => 'key' in file && 'sealed' in file

/** A sentence for the person, and why nothing was sent. */
export class CannotSeal extends Error {
  override readonly name = 'CannotSeal'
}

export interface Sealing {
  /** Whether this browser can. */
  able: boolean
  /** What is told before anything is asked. */
  notice(program: Program): TemplateResult
  upload(file: File, target: string, progress: Progress, signal: AbortSignal): Promise<UploadedFile>
  /** What is sent instead of the answers. @throws CannotSeal, or as fetching does */
  seal(submission: Submission, visit: Pick<Visit, 'program' | 'session' | 'files'>): Promise<Submission>
}

type Published = SealedService & { fingerprint: string }

/** `address`: the service's, ending in a slash. `pins`: fingerprints that the page knows; null: it knows none. */
export async function sealingFor(address: string, view: ServiceView, pins: string | null, words: Words, strings: Messages): Promise<Sealing> {
  words.learn(strings)
  const { message } = words
  const clear = view.sealed?.clear ?? []
  /** The last that came: where there is no connection when it is to be sent, these are sealed to. */
  let known: Published | null = null

  /** @throws CannotSeal when they are not those that the page expects */
  const checked = async (published: Published): Promise<SealedService> => {
    const { agency, service, version, definition, policy, epoch, recipients } = published
    const set = { agency, service, version, definition, policy, epoch, recipients }
    // Reckoned here from the keys themselves: what the server says about them proves nothing.
    const isOurs = agency === view.agency && service === view.service && version === view.version && recipients.length > 0
    if (!isOurs || !isPinned(await fingerprintOf(set), pins)) throw new CannotSeal(message('sealed.keys'))
    return set
  }
  const fetched = async (): Promise<SealedService> => {
    try {
      known = await read<Published>(fetch(`${address}recipients?version=${view.version}`, { credentials: 'omit', signal: AbortSignal.timeout(30_000) }))
    } catch (error) {
      if (!known || error instanceof Refused) throw error
    }
    return checked(known)
  }
  const able = await canSeal()
  if (able) void fetched().catch(() => {})

  return {
    able,
    notice: (program) => {
      const fields = clear.map((id) => program.scope.get(id)?.field.label).filter((label) => label !== undefined)
      return html`<div class="g-notice" role="note">
        ${
          able
            ? html`<p><strong>${message('sealed.what')}</strong></p>
                <p>${message('sealed.but')}</p>
                ${
                  fields.length > 0
                    ? html`<p>${message('sealed.clear')}</p>
                        <ul class="g-list">
                          ${fields.map((label) => html`<li>${sayText(words, label)}</li>`)}
                        </ul>`
                    : nothing
                }`
            : html`<p>${message('sealed.cannot')}</p>`
        }
      </div>`
    },
    async upload(file, target, progress, signal) {
      const { key, content } = await sealFile(file.stream(), fileInfo({ agency: view.agency, service: view.service }))
      // Into a Blob, which a browser need not keep in memory: a request whose body is a stream tells nothing of how far it has come.
      const sealed = await new Response(content).blob()
      const isDocument = view.definition.documents?.some(({ id }) => id === target)
      const { sendFile } = await import('./send-file.ts')
      const arrived = await sendFile(
        address,
        new File([sealed], sealedTarget, { lastModified: Date.now() }),
        isDocument ? target : sealedTarget,
        progress,
        signal,
      )
      const { size, digest } = arrived as UploadedFile & { digest: string }
      const kept: SealedUpload = { id: arrived.id, name: file.name, size: file.size, type: file.type, key, sealed: { size, digest } }
      return kept
    },
    async seal(submission, { program, session, files }) {
      if (!able) throw new CannotSeal(message('sealed.cannot'))
      const service = await fetched()
      const { answers, documents, atDesk, language } = submission
      const whole = JSON.stringify([answers, documents])
      const given = [...files.values()].filter((file) => isSealed(file) && whole.includes(JSON.stringify(file.id))) as SealedUpload[]
      const open = createSession(compile(clearPartOf(program, clear).definition, program.types), { today: session.context.today, answers })
      const part = clearPart({ language, answers: open.stored(), documents, atDesk })
      try {
        const sealed = await sealSubmission(service, { clear: part, answers, files: given.map(noteOf) })
        return { ...submission, answers: part.answers, sealed }
      } catch (error) {
        throw error instanceof TooLong ? new CannotSeal(message('sealed.tooLong')) : error
      }
    },
  }
}

const noteOf = ({ id, key, name, type, size, sealed }: SealedUpload): FileNote => ({ id, key, name, type, size, sealed })
