/** Undo and redo over immutable snapshots: no inverse operations, so nothing can be undone wrongly. */
import type { Words } from './edit.ts'

interface Step<Value> {
  readonly value: Value
  /** What led here. */
  readonly words: Words
  /** Part to show when one comes to this step. */
  readonly part: string
  /** Part to show when it is undone: where one was when it was made. */
  readonly from: string
  readonly merge: string | undefined
  readonly at: number
}

export interface HistoryOptions {
  /** Steps kept. */
  limit?: number
  /** Edits with the same key that follow each other within this many milliseconds are one step. */
  mergeWithin?: number
  now?: () => number
}

export class History<Value> {
  #steps: Step<Value>[]
  #at = 0
  readonly #limit: number
  readonly #mergeWithin: number
  readonly #now: () => number

  constructor(value: Value, words: Words, part: string, { limit = 500, mergeWithin = 1500, now = Date.now }: HistoryOptions = {}) {
    this.#limit = limit
    this.#mergeWithin = mergeWithin
    this.#now = now
    this.#steps = [{ value, words, part, from: part, merge: undefined, at: now() }]
  }

  get #step(): Step<Value> {
    return this.#steps[this.#at] as Step<Value>
  }
  get value(): Value {
    return this.#step.value
  }
  get canUndo(): boolean {
    return this.#at > 0
  }
  get canRedo(): boolean {
    return this.#at < this.#steps.length - 1
  }
  /** What the steps say, oldest first, and which one holds now. */
  get list(): { readonly words: readonly Words[]; readonly at: number } {
    return { words: this.#steps.map(({ words }) => words), at: this.#at }
  }

  push(value: Value, words: Words, part: string, merge?: string, from = part): void {
    const at = this.#now()
    const last = this.#step
    const isMerged = merge !== undefined && last.merge === merge && this.#at > 0 && !this.canRedo && at - last.at <= this.#mergeWithin
    const step = { value, words, part, from: isMerged ? last.from : from, merge, at }
    this.#steps = [...this.#steps.slice(0, this.#at + (isMerged ? 0 : 1)), step].slice(-this.#limit - 1)
    this.#at = this.#steps.length - 1
  }

  /** Gives what was undone, and where one was when it was done; null if there is nothing to undo. */
  undo(): { words: Words; part: string } | null {
    if (!this.canUndo) return null
    const undone = this.#step
    this.#at--
    return { words: undone.words, part: undone.from }
  }

  redo(): { words: Words; part: string } | null {
    if (!this.canRedo) return null
    this.#at++
    return this.#step
  }

  /** Goes to a step of the list. */
  goTo(index: number): { words: Words; part: string } | null {
    if (index < 0 || index >= this.#steps.length || index === this.#at) return null
    const isBack = index < this.#at
    this.#at = index
    const { words, part } = this.#step
    return { words, part: isBack ? (this.#steps[index + 1] as Step<Value>).from : part }
  }
}
