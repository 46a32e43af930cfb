/** Fills a service in as somebody does who has only a keyboard: Tab, arrows, Space, Enter and typing. */
import type { Json } from '@guichet/schemas'
import type { Page } from 'playwright-core'

/** What has the focus, looked at through all shadow roots. */
export interface Focused {
  tag: string
  type: string
  id: string
  name: string
  value: string
  checked: boolean
  text: string
  /** Accessible name, as far as labels give it. */
  label: string
}

export const focused = (page: Page): Promise<Focused> =>
  page.evaluate(() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    const input = element as HTMLInputElement | null
    return {
      tag: element?.tagName.toLowerCase() ?? '',
      type: input?.type ?? '',
      id: element?.id ?? '',
      name: element?.getAttribute('name') ?? '',
      value: input?.value ?? '',
      checked: input?.checked ?? false,
      text: element?.textContent?.trim() ?? '',
      label: input?.labels?.[0]?.textContent?.replace(/\s+/g, ' ').trim() ?? element?.getAttribute('aria-label') ?? '',
    }
  })

export interface Answer {
  /** Name of an input (an instance path, with `-day` and the like for parts) to what is typed or chosen: text, an option's value, a list of values, true. */
  [instance: string]: Json
}

/** Rows to add: instance path of the group to how many. */
export interface RowsToAdd {
  [instance: string]: number
}

/** Presses Tab until `found` holds, giving what has the focus then. */
export async function tabTo(page: Page, found: (at: Focused) => boolean, what: string, limit = 120): Promise<Focused> {
  for (let i = 0; i < limit; i++) {
    const at = await focused(page)
    if (found(at)) return at
    await page.keyboard.press('Tab')
  }
  throw new Error(`${what} was not reached with Tab; the focus is on ${JSON.stringify(await focused(page))}`)
}

/** Takes the focus to the button with this text and presses it. */
export async function press(page: Page, text: RegExp) {
  await tabTo(page, (at) => ['button', 'a', 'summary'].includes(at.tag) && text.test(at.text), `button ${text}`)
  await page.keyboard.press('Enter')
}

/** Goes through the fields of the page that is shown with Tab, answers those that `answers` knows, and presses Continue. */
export async function fillPage(page: Page, answers: Answer, rows: RowsToAdd, isContinue: RegExp) {
  const added = new Map<string, number>()
  const chosen = new Set<string>()
  for (let i = 0; i < 400; i++) {
    const at = await focused(page)
    if (at.tag === 'button' && isContinue.test(at.text)) {
      await page.keyboard.press('Enter')
      return
    }
    const answer = answers[at.name]
    const group = at.tag === 'button' && at.id.startsWith('f-') ? Object.keys(rows).find((name) => at.id === `f-${name.replaceAll('/', '-')}`) : undefined
    if (group !== undefined && (added.get(group) ?? 0) < (rows[group] ?? 0)) {
      added.set(group, (added.get(group) ?? 0) + 1)
      // The focus goes to the new row's first input.
      await page.keyboard.press('Enter')
      continue
    }
    if (answer !== undefined && answer !== null) await answerOne(page, at, answer, chosen)
    await page.keyboard.press('Tab')
  }
  throw new Error(`Continue was not reached; the focus is on ${JSON.stringify(await focused(page))}`)
}

async function answerOne(page: Page, at: Focused, answer: Json, chosen: Set<string>) {
  if (at.type === 'radio') {
    if (chosen.has(at.name)) return
    chosen.add(at.name)
    if (at.value === answer) {
      if (!at.checked) await page.keyboard.press('Space')
      return
    }
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('ArrowDown')
      const now = await focused(page)
      if (now.value === answer) return
    }
    throw new Error(`radio button ${at.name} has no ${JSON.stringify(answer)}`)
  }
  if (at.type === 'checkbox') {
    const wanted = Array.isArray(answer) ? answer.includes(at.value) : answer === true
    if (wanted !== at.checked) await page.keyboard.press('Space')
    return
  }
  if (at.tag === 'select') {
    for (let i = 0; i < 60; i++) {
      if ((await focused(page)).value === answer) return
      await page.keyboard.press('ArrowDown')
    }
    throw new Error(`list ${at.name} has no ${JSON.stringify(answer)}`)
  }
  if (at.tag === 'input' || at.tag === 'textarea') {
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type(String(answer))
  }
}
