/** What the screens of people do, one deed at a time: the server is asked, and what it says against it stands on the screen. */
import { ApiError, Unreachable } from '@guichet/staff/http'
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit'
import { say } from '../language.ts'

export class Deeds implements ReactiveController {
  fault: string | null = null
  /** What was done last, for whoever does not see it. */
  done = ''
  busy = false
  readonly #host: ReactiveControllerHost

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostConnected() {}

  /** Does it, and says so with the words of `done`. False if it could not be done. */
  async run(work: () => Promise<unknown>, done = ''): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.fault = null
    this.done = ''
    this.#host.requestUpdate()
    try {
      await work()
      this.done = done
      return true
    } catch (error) {
      this.fault = wordsOf(error)
      return false
    } finally {
      this.busy = false
      this.#host.requestUpdate()
    }
  }

  /** What went wrong or right. To be drawn by the host, below its heading. */
  render(): TemplateResult {
    return html`${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <p class=${this.done ? 'note' : 'unseen'} role="status">${this.done}</p>`
  }
}

/** The server's own sentence, which is in the reader's language. */
export function wordsOf(error: unknown): string {
  if (error instanceof Unreachable) return say('unreachable')
  if (!(error instanceof ApiError)) throw error
  const { title, errors } = error.problem
  return [typeof title === 'string' ? title : say('failed', { detail: error.message }), ...(errors ?? []).map(({ detail }) => detail)].join('. ')
}
