/**
 * Warnings before something ends by time: the sign-in, what was saved, files that are neither sent nor saved, the service
 * itself. Each is told of in time, politely and without moving the focus; what can be made longer is, by one press; and when
 * it is over the page says what to do. Answers never end: they are in the page until it is left (WCAG 2.2.1, 2.2.6).
 */
import { html, nothing, render, type TemplateResult } from 'lit-html'
import type { Step } from './journey.ts'
import type { GuichetService } from './service-element.ts'
import { more } from './sheets.ts'
import { stringsIn } from './strings-in.ts'
import strings from './time-strings.json' with { type: 'json' }
import type { LimitName, TimeLimit } from './time-watch.ts'
import { Refused, read } from './transport.ts'
import { sentStep, type Visit } from './visit.ts'
import type { Words } from './words.ts'
import './more-styles.ts'

/** In sight wherever the page is scrolled to, but where it would take most of a small window; never over what has the focus. */
const styles = [
  '.g-times { display: contents; }',
  '.g-time { max-inline-size: var(--guichet-width); margin-inline: auto; }',
  '@media screen and (min-height: 30em) { .g-time { position: sticky; inset-block-start: 0; z-index: 1; } }',
  '.g-time > p:focus { outline: 3px solid var(--guichet-colour-focus); outline-offset: 2px; }',
  '.g:has(.g-time) :is(a, button, input, select, summary, textarea) { scroll-margin-block-start: 12em; }',
]
for (const rule of styles) more.insertRule(rule, more.cssRules.length)

const minute = 60_000
const hour = 60 * minute
const lookEvery = 10_000

/** What is said about one limit. */
interface Told {
  state: 'soon' | 'longer' | 'over' | 'failed'
  /** The end that it is about: another one is another matter. */
  at: number
  /** Of the warnings, how many were given. */
  given: number
  limit: TimeLimit
  busy: boolean
}

export function watch(visit: Visit): void {
  const { transport } = visit
  // A preview has nothing that ends.
  if (!transport.address) return
  if (!transport.time) {
    let last = visit
    transport.time = new TimeLimits(() => (last = last.now() ?? last))
    visit.redraw()
  }
  transport.time.look()
}

/** Saving, as the element has it: a preview is built without. */
async function save(visit: Visit) {
  const { surroundings } = customElements.get('guichet-service') as typeof GuichetService
  await (await surroundings.drafts?.())?.useDrafts(visit, true)
}

export class TimeLimits {
  readonly #place = document.createElement('div')
  readonly #visit: () => Visit
  readonly #told = new Map<LimitName, Told>()
  /** When each file arrived, by its id. */
  readonly #arrived = new Map<string, number>()
  /** What the server has said of itself. Null: nothing yet. */
  #server: { ahead: number; closes: number | null; filesHours: number } | null = null
  #asking = false
  /** The server did not answer. */
  #unanswered = false
  #timer: ReturnType<typeof setInterval> | undefined
  #words: Words | null = null
  #step: Step | null = null

  constructor(visit: () => Visit) {
    this.#visit = visit
    this.#place.className = 'g-times'
  }

  /** Above the step. Asked for whenever that is drawn: an element that is on a page again looks again. */
  get top(): HTMLElement {
    const step = this.#visit().step()
    if (step !== this.#step) this.#entered(step)
    if (step !== sentStep) this.#start()
    return this.#place
  }

  /** The time of the server, as far as it is known. */
  get #now(): number {
    return Date.now() + (this.#server?.ahead ?? 0)
  }

  #start() {
    if (this.#timer !== undefined) return
    // Held by the element alone: one that is gone takes this with it.
    const self = new WeakRef(this)
    const timer = setInterval(() => {
      const limits = self.deref()
      if (limits) limits.look()
      else clearInterval(timer)
    }, lookEvery)
    this.#timer = timer
  }

  #stop() {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Looks at what ends, tells of what is near, and draws. */
  look() {
    const visit = this.#visit()
    // On no page, or all is sent: nothing can be lost.
    if (!visit.now() || visit.step() === sentStep) {
      this.#told.clear()
      this.draw()
      return this.#stop()
    }
    this.#start()
    void this.#ask()
    this.#learn()
    const limits = this.#limits()
    for (const [name, { state }] of this.#told) if (state !== 'over' && !limits.some((limit) => limit.name === name)) this.#told.delete(name)
    const sentences = limits.flatMap((limit) => this.#tell(limit) ?? [])
    this.draw()
    if (sentences.length > 0) visit.announce(sentences.join(' '))
  }

  draw() {
    this.#learn()
    render(this.#template(), this.#place)
  }

  #learn() {
    const { words } = this.#visit()
    if (words === this.#words) return
    words.learn(stringsIn(strings, words.language))
    this.#words = words
  }

  /** Asks until it is answered: the sign-in is warned of in any case. */
  async #ask() {
    if (this.#server || this.#asking) return
    this.#asking = true
    try {
      const asked = Date.now()
      const { address } = this.#visit().transport
      const { now, closes, filesHours } = await read<{ now: string; closes?: string; filesHours: number }>(
        fetch(`${address}time-limits`, { credentials: 'omit', signal: AbortSignal.timeout(30_000) }),
      )
      // Counted from when it was asked for: rather a second too early than too late.
      const ahead = Date.parse(now) - asked
      this.#server = { ahead, closes: closes === undefined ? null : Date.parse(closes), filesHours }
      this.look()
    } catch {
      // Asked again by the next look; till then the reader's own clock has to do.
      this.#unanswered = true
    } finally {
      this.#asking = false
    }
  }

  #limits(): TimeLimit[] {
    const visit = this.#visit()
    const { trust, drafts } = visit.transport
    // Whose clock is wrong must not be told that all is over: the server's is waited for, as long as it may yet answer.
    if (!this.#server && !this.#unanswered) return []
    const found: (TimeLimit | null | undefined)[] = [trust?.limit, drafts?.limit]
    if (this.#server) {
      const { closes, filesHours } = this.#server
      if (closes !== null) found.push({ name: 'window', at: closes, warnings: [24 * 60, 60, 15, 5] })
      for (const id of visit.files.keys()) if (!this.#arrived.has(id)) this.#arrived.set(id, this.#now)
      // What is saved keeps its files.
      if (visit.files.size > 0 && !drafts?.id) {
        const first = Math.min(...[...visit.files.keys()].map((id) => this.#arrived.get(id) as number))
        found.push({ name: 'files', at: first + filesHours * hour, warnings: [120, 15], extend: () => save(visit) })
      }
    }
    return found.filter((limit) => limit !== null && limit !== undefined)
  }

  /** What is to be said of a limit now, if it is anything new. */
  #tell(limit: TimeLimit): string | null {
    const left = limit.at - this.#now
    const before = this.#told.get(limit.name)
    const told: Told = before?.at === limit.at ? before : { state: 'soon', at: limit.at, given: 0, limit, busy: false }
    told.limit = limit
    if (left <= 0) {
      if (told.state === 'over') return null
      told.state = 'over'
      this.#told.set(limit.name, told)
      limit.over?.()
      return this.#sentence(told)
    }
    const due = limit.warnings.filter((minutes) => left <= minutes * minute).length
    if (due === 0) {
      // Another end, further off: what was said of the one before stands only where it says so.
      if (before && before.state !== 'longer') this.#told.delete(limit.name)
      return null
    }
    this.#told.set(limit.name, told)
    if (due <= told.given) return null
    told.given = due
    told.state = 'soon'
    return this.#sentence(told)
  }

  #sentence({ limit: { name, at }, state }: Told): string {
    const { words, view } = this.#visit()
    const { message, language } = words
    if (state === 'failed') return message('time.failed')
    const { calendar } = view.definition.locale
    const left = at - this.#now
    const near = left < 20 * hour
    const time = new Intl.DateTimeFormat(language, { calendar, ...(near ? {} : { dateStyle: 'medium' }), timeStyle: 'short' }).format(
      at - (this.#server?.ahead ?? 0),
    )
    const minutes = Math.max(1, Math.ceil(left / minute))
    const relative = new Intl.RelativeTimeFormat(language, { numeric: 'always' })
    const soon = minutes < 120 ? relative.format(minutes, 'minute') : relative.format(Math.floor(minutes / 60), 'hour')
    return message(`time.${name}.${state}`, { in: soon, time })
  }

  async #extend(told: Told) {
    const { limit } = told
    if (told.busy || !limit.extend) return
    const visit = this.#visit()
    told.busy = true
    this.draw()
    try {
      await limit.extend()
      const longer = this.#limits().find(({ name }) => name === limit.name)
      // Saved now, with a code that has the focus: there is no such end any more.
      if (!longer) {
        this.#told.delete(limit.name)
        return this.draw()
      }
      this.#told.set(limit.name, { state: 'longer', at: longer.at, given: 0, limit: longer, busy: false })
    } catch (error) {
      if (error instanceof Refused && error.problem.status === 401) {
        told.state = 'over'
        limit.over?.()
      } else told.state = 'failed'
    }
    told.busy = false
    this.draw()
    // The button that was pressed may be gone; what came of it is where it was, and is read out there.
    const now = this.#told.get(limit.name)
    if (now && visit.now()) this.#place.querySelector<HTMLElement>(`[data-limit="${limit.name}"]`)?.focus()
  }

  /** Another step: what was only to be known is known, and offers to sign in say themselves that it has ended. */
  #entered(step: Step) {
    this.#step = step
    for (const [name, { state }] of this.#told) if (state === 'longer' || (name === 'session' && state === 'over')) this.#told.delete(name)
    this.draw()
  }

  #template(): TemplateResult | typeof nothing {
    if (this.#told.size === 0) return nothing
    const { message } = this.#visit().words
    return html`<div class="g-notice g-time" role="group" aria-label=${message('time.title')}>
      ${[...this.#told.values()].map(
        (told) =>
          html`<p tabindex="-1" data-limit=${told.limit.name}>${this.#sentence(told)}</p>
            ${
              told.limit.extend && (told.state === 'soon' || told.state === 'failed' || (told.state === 'over' && told.limit.name === 'draft'))
                ? html`<button type="button" class="g-button g-button-secondary" aria-disabled=${told.busy} @click=${() => this.#extend(told)}>
                    ${message(`time.${told.limit.name}.extend`)}
                  </button>`
                : nothing
            }`,
      )}
    </div>`
  }
}
