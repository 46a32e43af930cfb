/**
 * The checks, looked for in another thread, so that typing never waits for them. The thread keeps its own copy of the definition
 * and is sent what has changed of it.
 */
import type { Definition } from './editor/edit.ts'
import { patchFrom } from './editor/patch.ts'
import type { Finding } from './findings.ts'

/** What a Worker has of these. */
export interface LintPort {
  postMessage(message: unknown): void
  addEventListener(type: 'message' | 'error' | 'messageerror', listener: (event: { data?: unknown }) => void): void
  terminate(): void
}

export class LintThread {
  readonly #open: () => LintPort
  /** Looks for them here. */
  readonly #here: (definition: Definition) => Promise<Finding[]>
  #port: LintPort | null = null
  /** There is no other thread: a browser or a policy that does not let it be. */
  #isAlone = false
  /** What the other thread has. */
  #sent: Definition | null = null
  /** Counts what was asked for. */
  #asked = 0
  #waiting: ((findings: Finding[]) => void)[] = []
  #answered: readonly [number, Finding[]] = [0, []]

  constructor(open: () => LintPort, here: (definition: Definition) => Promise<Finding[]>) {
    this.#open = open
    this.#here = here
  }

  /** Findings of this definition, or of one that was asked about after it: what is known of an older one is worth nothing. */
  findings(definition: Definition): Promise<Finding[]> {
    if (this.#sent === definition && this.#answered[0] === this.#asked) return Promise.resolve(this.#answered[1])
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      if (this.#sent === definition) return
      this.#ask(definition)
    })
  }

  #ask(definition: Definition) {
    const number = ++this.#asked
    if (!this.#isAlone && !this.#port) this.#connect()
    if (this.#port) this.#port.postMessage({ number, patch: patchFrom(this.#sent, definition) })
    else void this.#here(definition).then((findings) => this.#take(number, findings))
    this.#sent = definition
  }

  #connect() {
    try {
      this.#port = this.#open()
    } catch {
      this.#isAlone = true
      return
    }
    this.#port.addEventListener('message', ({ data }) => {
      const { number, findings } = data as { number: number; findings: Finding[] }
      this.#take(number, findings)
    })
    const fall = () => {
      if (this.#isAlone) return
      this.#isAlone = true
      this.stop()
      const definition = this.#sent
      if (definition && this.#waiting.length > 0) this.#ask(definition)
    }
    this.#port.addEventListener('error', fall)
    this.#port.addEventListener('messageerror', fall)
  }

  #take(number: number, findings: Finding[]) {
    if (number !== this.#asked) return
    this.#answered = [number, findings]
    for (const resolve of this.#waiting.splice(0)) resolve(findings)
  }

  /** Ends the thread; it is begun again when something is asked. */
  stop() {
    this.#port?.terminate()
    this.#port = null
    if (!this.#isAlone) this.#sent = null
  }
}
