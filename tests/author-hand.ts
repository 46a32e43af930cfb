/**
 * The hand of somebody who builds a service with nothing but what is in sight: clicks things by their role and name, types
 * where the keyboard stands, and is counted. It has no way to the page's code, its storage or the server.
 */
import type { Locator, Page } from 'playwright-core'

export interface Actions {
  /** Presses of the mouse. */
  clicks: number
  /** Keys that are no letter of a text: Tab, Enter, arrows, each with what is held with it. */
  keys: number
  /** Boxes written into. */
  filled: number
  /** Choices made in a drop-down list, or files chosen. */
  chosen: number
  /** Letters of the texts themselves, or what is pasted of them. They belong to the service, whoever builds it. */
  letters: number
}

export interface Place {
  role: Parameters<Page['getByRole']>[0]
  name: string
}

/** A machine that does much else is slow to open a dialog; nobody types before it is there. */
const patience = 30_000

export class Hand {
  readonly actions: Actions = { clicks: 0, keys: 0, filled: 0, chosen: 0, letters: 0 }
  readonly page: Page
  /** What the hand does next is looked for in here. */
  #within: Locator | Page

  constructor(page: Page) {
    this.page = page
    this.#within = page
    page.setDefaultTimeout(patience)
  }

  /** What is done and undone is counted; letters are counted apart. */
  get count(): number {
    const { clicks, keys, filled, chosen } = this.actions
    return clicks + keys + filled + chosen
  }

  /** Goes on inside a part of the page: a panel, a dialog, one of several entries. Without a place: the whole page. */
  look(...places: readonly Place[]): this {
    this.#within = places.reduce<Locator | Page>((around, { role, name }) => around.getByRole(role, { name, exact: true }), this.page)
    return this
  }

  /** The thing with this role and name; `nth` counts from the top, -1 is the last. */
  #thing(role: Place['role'], name: string, nth: number): Locator {
    const found = this.#within.getByRole(role, { name, exact: true }).filter({ visible: true })
    return nth < 0 ? found.last() : found.nth(nth)
  }

  async click(role: Place['role'], name: string, { nth = 0, holding }: { nth?: number; holding?: 'Shift' | 'ControlOrMeta' } = {}): Promise<void> {
    this.actions.clicks++
    await this.#thing(role, name, nth).click(holding ? { modifiers: [holding] } : {})
  }

  /** A line of the outline, by its first words: what else it says of the part follows them. */
  async line(name: string, holding?: 'Shift' | 'ControlOrMeta'): Promise<void> {
    this.actions.clicks++
    const line = this.page
      .getByRole('tree')
      .getByRole('treeitem')
      .filter({ has: this.page.getByText(name, { exact: true }) })
    await line.first().click({ position: { x: 90, y: 12 }, ...(holding ? { modifiers: [holding] } : {}) })
  }

  /** Opens what is folded away under a heading, if it is closed. */
  async unfold(name: string): Promise<void> {
    const fold = this.#within.getByText(name, { exact: true }).filter({ visible: true }).first()
    await fold.waitFor()
    if (await fold.evaluate((summary) => (summary.closest('details') as HTMLDetailsElement | null)?.open ?? true)) return
    this.actions.clicks++
    await fold.click()
  }

  async press(key: string): Promise<void> {
    this.actions.keys++
    await this.page.keyboard.press(key)
  }

  /** Waits until the keyboard stands in something that takes letters, as whoever looks at the screen does. */
  async #ready(): Promise<void> {
    await this.page.waitForFunction(() => {
      let active = document.activeElement
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
      return active instanceof HTMLTextAreaElement || active instanceof HTMLInputElement || (active as HTMLElement | null)?.isContentEditable === true
    })
  }

  /** Writes where the keyboard stands. */
  async type(text: string): Promise<void> {
    this.actions.filled++
    await this.#ready()
    this.actions.letters += [...text].length
    // As one input, the way dictation and input methods do it: a key at a time says nothing more and takes a minute.
    await this.page.keyboard.insertText(text)
  }

  /** Puts the text of a clipboard where the keyboard stands: one key, however long it is. */
  async paste(text: string): Promise<void> {
    this.actions.keys++
    this.actions.letters += [...text].length
    await this.#ready()
    await this.page.evaluate((content) => navigator.clipboard.writeText(content), text)
    await this.page.keyboard.press('ControlOrMeta+v')
  }

  /** Clicks into a box and writes over what is in it. */
  async fill(label: string, text: string, nth = 0): Promise<void> {
    this.actions.clicks++
    const box = this.#thing('textbox', label, nth)
    await box.click()
    if ((await box.inputValue()) !== '') await this.press('ControlOrMeta+a')
    await this.type(text)
  }

  /** Writes a formula into its line, and closes what the line suggests. */
  async formula(name: string, line: string): Promise<void> {
    const as = this.#within.getByRole('group', { name, exact: true }).getByRole('button', { name: 'Edit as a formula', exact: true })
    const box = this.#within.getByRole('textbox', { name: `${name}: formula`, exact: true })
    await as.or(box).first().waitFor()
    this.actions.clicks++
    if (await as.isVisible()) {
      await as.click()
      await this.stands(`${name}: formula`)
    } else await box.click()
    await this.type(line)
    if (await this.page.getByRole('listbox', { name: 'Suggestions' }).filter({ visible: true }).count()) await this.press('Escape')
  }

  /** Chooses from a drop-down list what is called so. */
  async choose(label: string, option: string | readonly string[], nth = 0): Promise<void> {
    this.actions.chosen++
    const wanted = typeof option === 'string' ? [option] : option
    const list = this.#thing('combobox', label, nth)
      .or(this.#thing('listbox', label, nth))
      .first()
    await list.selectOption(wanted.map((one) => ({ label: one })))
  }

  async tick(name: string, on = true): Promise<void> {
    this.actions.clicks++
    await this.#thing('checkbox', name, 0).setChecked(on)
  }

  /** Ticks whatever is offered to be ticked, once there is something. */
  async tickAll(): Promise<void> {
    const boxes = this.#within.getByRole('checkbox').filter({ visible: true })
    await boxes.first().waitFor()
    for (const box of await boxes.all()) {
      this.actions.clicks++
      await box.check()
    }
  }

  async file(label: string, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    this.actions.chosen++
    await this.#within.getByLabel(label, { exact: true }).setInputFiles(file)
  }

  /** Waits until something is in sight; looking is no action. */
  async see(role: Place['role'], name: string): Promise<void> {
    await this.#within.getByRole(role, { name, exact: true }).filter({ visible: true }).first().waitFor()
  }

  async seeText(text: string): Promise<void> {
    await this.page.getByText(text, { exact: true }).filter({ visible: true }).first().waitFor()
  }

  /** Waits until the keyboard stands in a box with this label and content: it goes there by itself after some acts. */
  async stands(label: string, content?: string): Promise<void> {
    await this.page.waitForFunction(
      ([wanted, value]) => {
        let at = document.activeElement
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
        const input = at as HTMLInputElement | null
        const name = input?.labels?.[0]?.textContent?.replace(/\s+/g, ' ').trim() ?? input?.getAttribute('aria-label') ?? input?.textContent?.trim()
        return name === wanted && (value === null || input?.value === value)
      },
      [label, content ?? null] as const,
    )
  }
}
