/** What protects the service, in the words of its rules. It comes with the check before sending, and its words when somebody asks. */
import { html, render } from 'lit-html'
import strings from './protection-strings.json' with { type: 'json' }
import { read } from './transport.ts'
import type { Visit } from './visit.ts'

interface Protection {
  rules: readonly { title: string; said: readonly string[] }[]
}

/** A preview has no server that it could ask, and is offered nothing. */
export function offerProtection({ transport: { address }, words }: Visit, place: HTMLElement) {
  if (!address) return
  const title = (strings as Record<string, string>)[words.language.split('-')[0] as string] ?? strings.en
  const fill = async ({ currentTarget }: Event) => {
    const { open, lastElementChild: answer } = currentTarget as HTMLDetailsElement
    if (!open || !answer || answer.hasChildNodes()) return
    // Where the server cannot be reached it is asked again at the next opening.
    const found = await read<Protection>(
      fetch(`${address}protection?lang=${encodeURIComponent(words.language)}`, { credentials: 'omit', signal: AbortSignal.timeout(30_000) }),
    ).catch(() => null)
    if (found)
      render(
        html`<ul class="g-list">
          ${found.rules.flatMap(({ said }) => said.map((sentence) => html`<li>${sentence}</li>`))}
        </ul>`,
        answer as HTMLElement,
      )
  }
  render(
    html`<details class="g-more" @toggle=${fill}>
      <summary>${title}</summary>
      <div aria-live="polite"></div>
    </details>`,
    place,
  )
}
