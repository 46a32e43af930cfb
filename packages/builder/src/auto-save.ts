/**
 * Saves a draft by itself, shortly after the last edit, and never over somebody else's. What is not yet on the server
 * lies in the browser's store as well, so that a crashed tab or a lost connection loses nothing.
 */
import { type Api, ApiError, Unreachable } from './api.ts'
import type { Draft } from './editor/edit.ts'

export type SaveState =
  | { name: 'saved' }
  | { name: 'waiting' }
  | { name: 'saving' }
  /** The server cannot be reached; tried again by itself. */
  | { name: 'offline' }
  | { name: 'signed-out' }
  /** Somebody else saved meanwhile; the author decides. */
  | { name: 'conflict' }
  | { name: 'refused'; detail: string }

export interface PendingDraft {
  revision: number
  draft: Draft
  /** What the server had at that revision: what a merge begins with. Not kept by earlier builders. */
  base?: Draft
}

/** Drafts that are not on the server yet, by service. */
export interface Pending {
  keep(service: string, pending: PendingDraft): void
  find(service: string): PendingDraft | null
  forget(service: string): void
}

export interface AutoSaveOptions {
  api: Pick<Api, 'save'>
  service: string
  revision: number
  /** The draft of that revision. */
  base: Draft
  pending: Pending
  onChange(state: SaveState): void
  /** Milliseconds after the last edit. */
  after?: number
  /** Milliseconds between tries while the server is away. */
  retry?: number
  setTimer?: (run: () => void, after: number) => unknown
  clearTimer?: (timer: never) => void
}

export class AutoSave {
  readonly #options: Required<AutoSaveOptions>
  #revision: number
  #base: Draft
  /** The newest draft that the server does not have. */
  #unsaved: Draft | null = null
  #timer: unknown = null
  #running: Promise<void> | null = null
  state: SaveState = { name: 'saved' }

  constructor(options: AutoSaveOptions) {
    this.#options = {
      after: 800,
      retry: 5000,
      setTimer: (run, after) => setTimeout(run, after),
      clearTimer: (timer) => clearTimeout(timer),
      ...options,
    }
    this.#revision = options.revision
    this.#base = options.base
  }

  get revision(): number {
    return this.#revision
  }
  /** What the server had when it last took or gave something. */
  get base(): Draft {
    return this.#base
  }
  get hasUnsaved(): boolean {
    return this.#unsaved !== null
  }

  #enter(state: SaveState) {
    this.state = state
    this.#options.onChange(state)
  }

  #schedule(after: number) {
    this.#options.clearTimer(this.#timer as never)
    this.#timer = this.#options.setTimer(() => void this.flush(), after)
  }

  /** Takes the draft as it is now. */
  changed(draft: Draft): void {
    this.#unsaved = draft
    this.#options.pending.keep(this.#options.service, { revision: this.#revision, draft, base: this.#base })
    if (this.state.name === 'conflict') return
    if (this.state.name !== 'offline' && this.state.name !== 'saving' && this.state.name !== 'signed-out') this.#enter({ name: 'waiting' })
    this.#schedule(this.state.name === 'offline' ? this.#options.retry : this.#options.after)
  }

  /** Somebody decided what becomes of a conflict: edits go on from that revision. */
  rebase(revision: number, base: Draft, draft: Draft | null): void {
    this.#revision = revision
    this.#base = base
    this.#unsaved = null
    this.#options.pending.forget(this.#options.service)
    this.#enter({ name: 'saved' })
    if (draft) this.changed(draft)
  }

  /** Saves what there is, now. Resolves when nothing is left to save or saving has failed. */
  async flush(): Promise<void> {
    this.#options.clearTimer(this.#timer as never)
    if (this.#running) {
      await this.#running
      return this.flush()
    }
    const draft = this.#unsaved
    if (!draft || this.state.name === 'conflict') return
    this.#running = this.#save(draft).finally(() => {
      this.#running = null
    })
    await this.#running
    // An edit made while saving.
    if (this.#unsaved && this.state.name === 'saved') await this.flush()
  }

  async #save(draft: Draft): Promise<void> {
    const { api, service, pending, retry } = this.#options
    this.#enter({ name: 'saving' })
    try {
      const { revision } = await api.save(service, this.#revision, draft)
      this.#revision = revision
      this.#base = draft
      if (this.#unsaved === draft) {
        this.#unsaved = null
        pending.forget(service)
      } else if (this.#unsaved) pending.keep(service, { revision, draft: this.#unsaved, base: draft })
      this.#enter({ name: 'saved' })
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) return this.#enter({ name: 'conflict' })
      if (error instanceof ApiError && error.status === 401) {
        this.#enter({ name: 'signed-out' })
        return this.#schedule(retry)
      }
      if (error instanceof ApiError && error.status < 500 && error.status !== 429) return this.#enter({ name: 'refused', detail: error.message })
      if (!(error instanceof ApiError || error instanceof Unreachable)) throw error
      this.#enter({ name: 'offline' })
      this.#schedule(retry)
    }
  }

  stop(): void {
    this.#options.clearTimer(this.#timer as never)
  }
}

/**
 * Drafts in the browser's own store. A full or forbidden store is no reason to stop editing. Writing there holds up the page, so it
 * waits a moment for the next letter; `flush` is for when the page goes.
 */
export function storedPending(store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, pause = 250): Pending & { flush(): void } {
  const key = (service: string) => `guichet-builder-unsaved:${service}`
  // Apart, since it stays the same over many edits.
  const baseKey = (service: string) => `guichet-builder-base:${service}`
  let written: Draft | undefined
  let waiting: { service: string; pending: PendingDraft } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (!waiting) return
    const {
      service,
      pending: { base, ...pending },
    } = waiting
    waiting = null
    try {
      if (base !== written) store.setItem(baseKey(service), JSON.stringify({ revision: pending.revision, base }))
      written = base
      store.setItem(key(service), JSON.stringify(pending))
    } catch {
      // The server is the store that counts.
    }
  }
  return {
    flush,
    keep(service, pending) {
      if (waiting && waiting.service !== service) flush()
      waiting = { service, pending }
      timer ??= setTimeout(flush, pause)
    },
    find(service) {
      flush()
      try {
        const pending: PendingDraft | null = JSON.parse(store.getItem(key(service)) ?? 'null')
        const { revision, base } = JSON.parse(store.getItem(baseKey(service)) ?? '{}')
        return pending && base && revision === pending.revision ? { ...pending, base } : pending
      } catch {
        return null
      }
    },
    forget(service) {
      if (waiting?.service === service) waiting = null
      written = undefined
      store.removeItem(key(service))
      store.removeItem(baseKey(service))
    },
  }
}
