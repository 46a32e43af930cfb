/**
 * How one walks along lines of parts, chooses one or several and acts on them, by keyboard and pointer: the same in the
 * outline and on the canvas. Arrow keys walk, Home and End jump, letters search, Enter goes to the settings, Alt with arrows
 * moves what is chosen, Delete removes it. Shift with arrows chooses from where one was, Ctrl with arrows and Space chooses
 * single lines, Ctrl+A all beside it.
 */
import { directionOf } from '@guichet/core'
import { kindOf } from './editor/part.ts'
import { type Act, ActEvent, SelectEvent } from './events.ts'
import { language } from './language.ts'
import type { OutlineLine } from './outline.ts'

/** Letters typed within this time are one search. */
const typingPause = 700

export interface KeyedLines {
  /** Those that show, in order. */
  visible(): readonly OutlineLine[]
  /** The one that has the keyboard. */
  current(): OutlineLine | undefined
  /** Parts of all that are chosen. */
  chosen(): readonly string[]
  nameOf(line: OutlineLine): string
  /** Puts the keyboard on a line that is being chosen. */
  focus(line: OutlineLine): void
  /** Where lines can be closed over those inside them. */
  folds?: { isClosed(part: string): boolean; toggle(line: OutlineLine, open: boolean): void }
  /** What F2 does, where it does not lead to the settings. */
  rename?(line: OutlineLine): void
}

export class LineKeys {
  readonly #host: EventTarget
  readonly #lines: KeyedLines
  #typed = ''
  #typedAt = 0
  /** Where choosing with Shift began. */
  #anchor = ''

  constructor(host: EventTarget, lines: KeyedLines) {
    this.#host = host
    this.#lines = lines
  }

  select(line: OutlineLine | undefined, goOn = false) {
    if (!line) return
    this.#anchor = line.part
    this.#host.dispatchEvent(new SelectEvent(line.part, goOn))
    if (!goOn) this.#lines.focus(line)
  }

  /** Takes a click on a line: with Shift all up to it, with Ctrl with or without it. */
  onClick(event: MouseEvent, line: OutlineLine) {
    if (event.shiftKey) this.#chooseTo(line, this.#lines.visible())
    else if (event.ctrlKey || event.metaKey) this.#toggleChosen(line)
    else this.select(line)
  }

  /** Makes a line the current one, with these chosen. */
  #choose(line: OutlineLine | undefined, chosen: Iterable<string>) {
    if (!line) return
    this.#host.dispatchEvent(new SelectEvent(line.part, false, [...chosen]))
    this.#lines.focus(line)
  }

  /** From where choosing began to this line. */
  #chooseTo(line: OutlineLine | undefined, lines: readonly OutlineLine[]) {
    if (!line) return
    const anchor = this.#anchor || this.#lines.current()?.part
    const from = lines.findIndex(({ part }) => part === anchor)
    const [start, end] = [from < 0 ? lines.indexOf(line) : from, lines.indexOf(line)].sort((a, b) => a - b) as [number, number]
    this.#choose(
      line,
      lines.slice(start, end + 1).map(({ part }) => part),
    )
  }

  /** With or without this line. */
  #toggleChosen(line: OutlineLine | undefined) {
    if (!line) return
    this.#anchor = line.part
    const chosen = this.#lines.chosen()
    this.#choose(line, chosen.includes(line.part) ? chosen.filter((part) => part !== line.part) : [...chosen, line.part])
  }

  get #isSearching(): boolean {
    return this.#typed !== '' && performance.now() - this.#typedAt < typingPause
  }

  #search(letter: string, lines: readonly OutlineLine[], from: number) {
    this.#typed = this.#isSearching ? this.#typed + letter : letter
    this.#typedAt = performance.now()
    const start = this.#typed.length === 1 ? from + 1 : from
    const order = [...lines.slice(start), ...lines.slice(0, start)]
    this.select(order.find((line) => this.#lines.nameOf(line).toLocaleLowerCase().startsWith(this.#typed.toLocaleLowerCase())))
  }

  /** With Ctrl or Shift: several are chosen. Gives whether the key was one of these. */
  #chooseByKey(event: KeyboardEvent, line: OutlineLine, lines: readonly OutlineLine[]): boolean {
    const { key } = event
    const at = lines.indexOf(line)
    if ((event.ctrlKey || event.metaKey) && !event.altKey && ['ArrowDown', 'ArrowUp', ' ', 'a'].includes(key)) {
      if (key === ' ') this.#toggleChosen(line)
      else if (key === 'a') {
        this.#choose(
          line,
          lines.filter(({ parent, kind }) => parent === line.parent && (kind === 'section') === (line.kind === 'section')).map(({ part }) => part),
        )
      } else this.#choose(lines[at + (key === 'ArrowDown' ? 1 : -1)], this.#lines.chosen())
      return true
    }
    if (!event.shiftKey || (key !== 'ArrowDown' && key !== 'ArrowUp')) return false
    this.#chooseTo(lines[at + (key === 'ArrowDown' ? 1 : -1)], lines)
    return true
  }

  readonly onKey = (event: KeyboardEvent) => {
    const lines = this.#lines.visible()
    const line = this.#lines.current()
    if (!line) return
    const at = lines.indexOf(line)
    const isRtl = directionOf(language()) === 'rtl'
    const [forward, back] = isRtl ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft']
    const { key } = event
    const act = (act: Act) => this.#host.dispatchEvent(new ActEvent(act, line.part))
    if (this.#chooseByKey(event, line, lines)) {
      event.preventDefault()
      return
    }
    if (event.ctrlKey || event.metaKey) {
      const wanted: Act | null = key === 'c' && kindOf(line.part) ? 'copy' : key === 'v' ? 'paste' : null
      if (!wanted || event.altKey || event.shiftKey) return
      event.preventDefault()
      act(wanted)
      return
    }
    // Any other key ends a search.
    if (key.length > 1) this.#typed = ''
    if (event.altKey) {
      const acts: Readonly<Record<string, Act>> = { ArrowUp: 'up', ArrowDown: 'down', [forward as string]: 'in', [back as string]: 'out' }
      const wanted = acts[key]
      if (!wanted || !kindOf(line.part)) return
      event.preventDefault()
      act(wanted)
      return
    }
    const { folds, rename } = this.#lines
    if (key === '/' && !this.#isSearching) act('insert')
    else if (key === 'ArrowDown') this.select(lines[at + 1])
    else if (key === 'ArrowUp') this.select(lines[at - 1])
    else if (key === 'Home') this.select(lines[0])
    else if (key === 'End') this.select(lines.at(-1))
    else if (key === 'F2' && rename) rename(line)
    else if (key === 'Enter' || key === 'F2') this.select(line, true)
    else if (key === 'Delete' && kindOf(line.part)) act('remove')
    else if (key === forward) {
      if (line.hasChildren && folds?.isClosed(line.part)) folds.toggle(line, true)
      else if (line.hasChildren) this.select(lines[at + 1])
    } else if (key === back) {
      if (folds && line.hasChildren && !folds.isClosed(line.part)) folds.toggle(line, false)
      else this.select(lines.find(({ part }) => part === line.parent))
    } else if (key.length === 1 && (key !== ' ' || this.#isSearching)) this.#search(key, lines, at)
    else return
    event.preventDefault()
  }
}
