/** What a person takes away: the tracking code, the receipt, and what happens now. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { feeTable } from './fee-table.ts'
import { laterStyles } from './later-styles.ts'
import { sayText } from './said.ts'
import type { Confirmation } from './service-view.ts'
import type { Screen, Visit } from './visit.ts'

/** A code in groups of four, as people copy and dictate it; one that comes in groups keeps its own. */
export const grouped = (code: string): string => (/[^\p{L}\p{N}]/u.test(code) ? code : (code.match(/.{1,4}/g) ?? [code]).join(' '))

export function confirmationScreen(visit: Visit): Screen {
  const { words, view, session, transport } = visit
  const { message } = words
  const { definition } = view
  const confirmation = visit.confirmation as Confirmation
  const { reference, receipt, fee, route, earlier } = confirmation
  let copied = false
  let qr: TemplateResult | typeof nothing = nothing
  // The code is nowhere but here: the page asks before it lets go, until it has been taken along.
  visit.typed()

  if (transport.statusAddress)
    void import('./qr.ts').then(
      ({ qrCode }) => {
        // In the fragment, which no server and no log sees.
        qr = html`<figure class="g-figure">${qrCode(`${transport.statusAddress}?lang=${words.language}#${reference}`, message('sent.qr'))}
          <figcaption>${message('sent.qrWhat')}</figcaption></figure>`
        visit.redraw()
      },
      // The code in words is there.
      () => {},
    )

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(reference)
      copied = true
      visit.safe()
      visit.announce(message('sent.copied'))
      visit.redraw()
    } catch {
      // Not allowed here (a frame, or no secure context): select it, so that the keyboard can copy it.
      getSelection()?.selectAllChildren(visit.find('.g-code') as HTMLElement)
    }
  }
  const printed = () => {
    print()
    visit.safe()
  }
  /** To whom is for the person's own mail program to ask: the code goes through no server of ours. */
  const mail = () => {
    const lines = [`${message('sent.code')}: ${grouped(reference)}`, transport.statusAddress ?? '']
    return `mailto:?subject=${encodeURIComponent(words.text(definition.title).text)}&body=${encodeURIComponent(lines.join('\r\n'))}`
  }
  const download = async () => {
    const parts = await import('./receipt-file.ts').catch(visit.trouble)
    // Nothing is saved yet: the page goes on holding the code.
    if (!parts) return
    const content = await parts.receiptFile(transport, reference, receipt as Parameters<typeof parts.receiptFile>[2], session.stored())
    const address = URL.createObjectURL(new Blob([content], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = address
    link.download = `${view.service}-${reference}.json`
    link.click()
    visit.safe()
    // Some browsers read the address after the click has returned.
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  }
  const atDesk = (definition.documents ?? []).filter(({ id }) => session.atDesk.includes(id))
  const stages = definition.stages ?? []

  return {
    styles: laterStyles,
    template: () => html`
      <div class="g-done">
        <h1 class="g-heading" tabindex="-1">${message('sent.title')}</h1>
        <p>${message('sent.code')}</p>
        <p class="g-code" dir="ltr" translate="no">${grouped(reference)}</p>
        <button type="button" class="g-button g-button-secondary" @click=${copy}>${message(copied ? 'sent.copied' : 'sent.copy')}</button>
        <button type="button" class="g-button g-button-secondary" @click=${printed}>${message('sent.print')}</button>
        <a class="g-button g-button-secondary" href=${mail()} @click=${() => visit.safe()}>${message('sent.mail')}</a>
        ${qr}
      </div>
      <p>${message('sent.keep')} ${message('sent.first')} ${transport.statusAddress ? html`<a href=${transport.statusAddress}>${message('sent.follow')}</a>` : nothing}</p>
      ${earlier ? html`<div class="g-notice"><p>${message('sent.earlier')}</p></div>` : nothing}
      ${
        receipt
          ? html`<h2>${message('sent.receipt')}</h2>
              <p>${message('sent.receiptWhat')}</p>
              <button type="button" class="g-button g-button-secondary" @click=${download}>${message('sent.download')}</button>`
          : nothing
      }
      ${
        route?.reason || route?.remedy
          ? html`<div class="g-notice"><p>${sayText(words, route.reason)}</p>${route.remedy ? html`<p>${sayText(words, route.remedy)}</p>` : nothing}</div>`
          : nothing
      }
      ${
        atDesk.length > 0
          ? html`<h2>${message('sent.atDesk')}</h2>
              <ul class="g-list">
                ${atDesk.map((document) => html`<li>${sayText(words, document.label)}</li>`)}
              </ul>`
          : nothing
      }
      ${fee ? feeTable(words, definition.fee, { ...fee, lines: fee.lines.map((line) => ({ refundable: false, ...line })) }) : nothing}
      ${
        stages.length > 0
          ? html`<h2>${message('next.title')}</h2>
              <ol class="g-list">
                ${stages.map((stage) => html`<li>${sayText(words, stage.label)}</li>`)}
              </ol>`
          : nothing
      }
    `,
  }
}
