/** The log of an agency, for anyone: that it only grows. Says the essentials without a script. */
import { readCheckpoint, readNote, toBase64 } from '@guichet/receipts'
import { html, raw } from 'hono/html'
import type { WitnessState } from '../audit/witnesses.ts'
import { say } from '../messages.ts'
import type { KeysDocument } from '../receipts/receipt-file.ts'
import type { StoredCheckpoint } from '../store/audit-log.ts'
import { layout } from './layout.ts'

interface ShownLog {
  agency: { id: string; title: string }
  /** Newest first. */
  checkpoints: readonly StoredCheckpoint[]
  witnesses: readonly WitnessState[]
  broken: boolean
  keys: KeysDocument
  /** As a witness is told it; null: nothing was signed yet. */
  logKey: string | null
}

/** JSON in a page: nothing in it ends the element. */
export const dataBlock = (id: string, value: unknown) =>
  html`<script type="application/json" id="${id}">${raw(JSON.stringify(value).replaceAll('<', '\\u003c'))}</script>`

export function logPage(language: string, { agency, checkpoints, witnesses, broken, keys, logKey }: ShownLog) {
  const tell = (key: string, params?: Record<string, string>) => say(language, `log.${key}`, params)
  const title = tell('title', { agency: agency.title })
  const numbers = new Intl.NumberFormat(language)
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' })
  const dateOf = (moment: string) => html`<time datetime="${moment}">${dates.format(new Date(moment))} UTC</time>`
  const prefix = `/.well-known/guichet/log/${agency.id}`
  const [newest] = checkpoints
  const head = newest && readCheckpoint(readNote(newest.note)?.text ?? '')
  const texts = Object.fromEntries(
    ['checking', 'good', 'bad', 'unchecked'].map((key) => [key, tell(key)]).concat([['again', tell('again', { date: '{date}', size: '{size}' })]]),
  )
  const stateOf = ({ size, failure }: WitnessState) =>
    size === newest?.size ? tell('witness.signed') : failure === null ? tell('witness.behind') : tell('witness.away')
  return layout({
    language,
    title,
    path: `/log/${agency.id}`,
    wide: true,
    content: html`<h1>${title}</h1>
<p>${tell('lead')}</p>
${broken ? html`<p class="error" role="alert">${tell('broken')}</p>` : ''}
${
  newest && head
    ? html`<section><h2 id="newest">${tell('newest')}</h2>
<dl>
<dt>${tell('size')}</dt><dd><strong>${numbers.format(newest.size)}</strong></dd>
<dt>${tell('when')}</dt><dd>${dateOf(newest.signedAt)}</dd>
<dt>${tell('root')}</dt><dd dir="ltr" class="said"><code>${toBase64(head.root)}</code></dd>
<dt>${tell('key')}</dt><dd dir="ltr" class="said"><code>${logKey ?? ''}</code></dd>
</dl></section>
<section><h2 id="grows">${tell('grows')}</h2>
<p id="checked" role="status">${tell('without-script')}</p>
${dataBlock('log', { prefix, keys, notes: checkpoints.map(({ note }) => note), texts, language })}
<script type="module" src="/log.js"></script>
<div class="scroll" tabindex="0" role="region" aria-label="${tell('states')}"><table><caption>${tell('states')}</caption>
<thead><tr><th scope="col">${tell('when')}</th><th scope="col" class="number">${tell('size')}</th></tr></thead>
<tbody>${checkpoints.map(({ size, signedAt }) => html`<tr><td>${dateOf(signedAt)}</td><td class="number">${numbers.format(size)}</td></tr>`)}</tbody></table></div></section>
<section><h2 id="witnesses">${tell('witnesses')}</h2>
${
  witnesses.length === 0
    ? html`<p>${tell('witness.none')}</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="${tell('witnesses')}"><table><caption class="unseen">${tell('witnesses')}</caption>
<thead><tr><th scope="col">${tell('witness')}</th><th scope="col">${tell('when')}</th><th scope="col" class="number">${tell('size')}</th><th scope="col"></th></tr></thead>
<tbody>${witnesses.map(
        (witness) =>
          html`<tr><th scope="row" dir="ltr">${witness.name}</th><td>${witness.at === null ? '–' : dateOf(witness.at)}</td><td class="number">${witness.size === null ? '–' : numbers.format(witness.size)}</td><td>${stateOf(witness)}</td></tr>`,
      )}</tbody></table></div>`
}</section>`
    : html`<p>${tell('none')}</p>`
}
<section><h2 id="files">${tell('files')}</h2>
<ul>
<li><a href="/verify" download="guichet-verify.html">${tell('verify')}</a></li>
${newest ? html`<li><a href="${prefix}/checkpoint">${tell('checkpoint')}</a></li>` : ''}
<li><a href="/.well-known/guichet/keys.json">${tell('keys')}</a></li>
</ul></section>`,
  })
}
