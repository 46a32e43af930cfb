/**
 * The author's road, by keyboard: the set-up link, a new service with pages, questions, options, a condition and a
 * document, undo and redo, publishing, and the embedding page that shows what was published.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const messages = JSON.parse(readFileSync(join(import.meta.dirname, '../packages/builder/src/builder.messages.json'), 'utf8')) as Record<
  string,
  Record<string, string>
>
/** Drafts are saved a moment after an edit, and machines may be slow. */
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000 })
const exactly = (text: string) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`)

const account = { name: 'Ada Author', email: 'ada@example.org', password: 'correct horse battery' }
let browser: Browser
let server: TestServer
let stop: () => Promise<void>

beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer()])
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

/** What axe finds, as lines of rule and place. Its script runs in a world of its own, where no policy refuses it. */
async function axe(page: Page): Promise<string[]> {
  const client = await page.context().newCDPSession(page)
  const { frameTree } = await client.send('Page.getFrameTree')
  const { executionContextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'axe' })
  const run = (expression: string) => client.send('Runtime.evaluate', { expression, contextId: executionContextId, awaitPromise: true, returnByValue: true })
  await run(axeSource)
  const { result } = await run(
    `axe.run(document).then(({ violations, passes }) => ({
      seen: passes.length,
      found: violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + JSON.stringify(target) + ' ' + failureSummary)) }))`,
  )
  await client.detach()
  // Nothing found means something only if axe has looked at something.
  expect(result.value.seen).toBeGreaterThan(5)
  return result.value.found
}

/** Asking who is signed in is answered with 401 when nobody is, and browsers log that as a failure. */
const unexpected = (fault: string) => !/status of 401/.test(fault)

/** Waits until the last edit is saved. What is drawn may still be of the time before that edit: it is drawn first. */
async function saved(page: Page) {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
  await page.locator('builder-editor [data-save="saved"]').waitFor()
}
const told = (page: Page) => page.locator('builder-editor [data-told]').textContent()
const draftOf = async (page: Page, id: string): Promise<ServiceDefinition> => {
  await saved(page)
  return page.evaluate(async (service) => (await (await fetch(`/v1/admin/services/${service}`)).json()).definition, id)
}

/** Adds a question with the dialog: its text, then its kind by searching. */
async function addQuestion(page: Page, label: string, kind: string) {
  await press(page, exactly('Add question'))
  await tabTo(page, ({ id }) => id === 'label', 'the text of the new question')
  await page.keyboard.type(label)
  await tabTo(page, ({ id }) => id === 'wanted', 'the search for kinds')
  await page.keyboard.type(kind)
  await page.keyboard.press('Enter')
  // The keyboard goes on in the new question's settings.
  await eventually(async () => (await focused(page)).value).toBe(label)
}

/** Writes into the next input whose label begins so. */
async function write(page: Page, label: string, text: string, isNext: (value: string) => boolean = () => true) {
  await tabTo(page, (at) => ['input', 'textarea'].includes(at.tag) && at.label.startsWith(label) && isNext(at.value), `input ${label}`)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(text)
}

/** Takes the focus to the list with this label and chooses by typing the beginning of an option. */
async function choose(page: Page, label: string, option: string) {
  await tabTo(page, (at) => at.tag === 'select' && at.label === label, `list ${label}`)
  for (let i = 0; i < 40; i++) {
    const shown = await page.evaluate(() => {
      let element = document.activeElement
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
      return (element as HTMLSelectElement).selectedOptions[0]?.textContent?.trim() ?? ''
    })
    if (shown.startsWith(option)) return
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`list ${label} has no ${option}`)
}

/** To the first line of the outline. */
async function toTree(page: Page) {
  await page.locator('builder-outline [tabindex="0"]').focus()
  await page.keyboard.press('Home')
}

async function signIn(page: Page, hash = '#/') {
  await page.goto(`${server.url}/builder/${hash}`)
  await page.locator('staff-sign-in form').waitFor()
  await tabTo(page, ({ id }) => id === 'email', 'the e-mail address')
  await page.keyboard.type(account.email)
  await tabTo(page, ({ id }) => id === 'password', 'the password')
  await page.keyboard.type(account.password)
  await page.keyboard.press('Enter')
}

describe('a new author', () => {
  it('sets up an account, builds a service by keyboard and publishes it', async () => {
    const { page, faults, close } = await openPage(browser, { locale: 'en-GB', viewport: { width: 1400, height: 900 } })
    const clean = async (what: string) => expect(await axe(page), what).toEqual([])

    // Set-up
    await page.goto(server.setupUrl as string)
    await page.locator('builder-setup form').waitFor()
    await clean('set-up')
    for (const [id, text] of Object.entries(account)) {
      await tabTo(page, (at) => at.id === id, id)
      await page.keyboard.type(text)
    }
    await page.keyboard.press('Enter')
    await page.locator('builder-services form').waitFor()
    expect(page.url()).not.toContain('setup=')
    await page.locator('builder-services .services li').first().waitFor()
    await clean('services')

    // A service from a name
    await tabTo(page, ({ id }) => id === 'title', 'the name of the new service')
    await page.keyboard.type('Apply for rent support')
    await page.keyboard.press('Enter')
    await page.locator('builder-outline [role=treeitem]').first().waitFor()
    expect(page.url()).toContain('#/services/apply-for-rent-support')

    // Three questions
    await addQuestion(page, 'Full name', 'short text')
    await addQuestion(page, 'Date of birth', 'date')
    await addQuestion(page, 'Your home', 'radio')
    await write(page, 'Text', 'Own')
    await press(page, exactly('Add: Options'))
    // The keyboard goes on in the new option, once it is drawn.
    await eventually(async () => [(await focused(page)).tag, (await focused(page)).value]).toEqual(['input', ''])
    await write(page, 'Text', 'I rent it')
    // Its value was made from the text; another one is typed over it.
    await page.keyboard.press('Tab')
    await eventually(async () => (await focused(page)).value).toBe('i_rent_it')
    await write(page, 'Value in rules', 'rent')
    let definition = await draftOf(page, 'apply-for-rent-support')
    expect(definition.pages[0].fields).toEqual([
      { id: 'full_name', type: 'text', label: { en: 'Full name' } },
      { id: 'date_of_birth', type: 'date', label: { en: 'Date of birth' } },
      {
        id: 'your_home',
        type: 'radio',
        label: { en: 'Your home' },
        options: [
          { value: 'own', label: { en: 'Own' } },
          { value: 'rent', label: { en: 'I rent it' } },
        ],
      },
    ])
    await clean('editor with a question')

    // A second page, asked only of those who rent
    await press(page, exactly('Add page'))
    await eventually(async () => [(await focused(page)).tag, (await focused(page)).value]).toEqual(['input', ''])
    await page.keyboard.type('Your rent')
    await page.keyboard.press('Enter')
    await eventually(async () => (await focused(page)).value).toBe('Your rent')
    await press(page, exactly('Add a condition'))
    await choose(page, 'Question', 'Your home')
    await choose(page, 'Comparison', 'is')
    await choose(page, 'Value', 'I rent it')
    await addQuestion(page, 'Rent a month', 'amount')

    // A document under a condition of two parts
    await press(page, exactly('Add document'))
    await eventually(async () => [(await focused(page)).tag, (await focused(page)).value]).toEqual(['input', ''])
    await page.keyboard.type('Rental contract')
    await page.keyboard.press('Enter')
    await eventually(async () => (await focused(page)).value).toBe('Rental contract')
    await press(page, exactly('Add a condition'))
    await choose(page, 'Question', 'Rent a month')
    await choose(page, 'Comparison', 'is more than')
    await write(page, 'Value', '300')
    await press(page, exactly('Add a condition'))
    await choose(page, 'Question', 'Your home')
    await choose(page, 'Value', 'I rent it')
    definition = await draftOf(page, 'apply-for-rent-support')
    expect(definition.pages[1]).toMatchObject({
      id: 'your_rent',
      when: { '==': [{ var: 'your_home' }, 'rent'] },
      fields: [{ id: 'rent_a_month', type: 'money' }],
    })
    expect(definition.documents).toMatchObject([
      { id: 'rental_contract', when: { and: [{ '>': [{ var: 'rent_a_month' }, { money: 30000 }] }, { '==': [{ var: 'your_home' }, 'rent'] }] } },
    ])
    await clean('editor with a document')

    // The tree: walk, search, move with announced positions, undo, redo
    await toTree(page)
    await page.keyboard.type('date')
    await page.keyboard.press('Alt+ArrowUp')
    await eventually(() => told(page)).toBe('Date of birth, 1 of 3 in Page 1')
    expect((await focused(page)).text).toContain('Date of birth')
    const ids = async () => (await draftOf(page, 'apply-for-rent-support')).pages[0].fields.map((field) => field.id)
    await eventually(ids).toEqual(['date_of_birth', 'full_name', 'your_home'])
    await page.keyboard.press('Control+z')
    await eventually(ids).toEqual(['full_name', 'date_of_birth', 'your_home'])
    await page.keyboard.press('Control+Shift+z')
    await eventually(ids).toEqual(['date_of_birth', 'full_name', 'your_home'])
    await page.keyboard.press('Delete')
    await eventually(ids).toEqual(['full_name', 'your_home'])
    expect((await focused(page)).text).toContain('Full name')
    await page.keyboard.press('Control+z')
    await eventually(ids).toEqual(['date_of_birth', 'full_name', 'your_home'])

    // Renaming takes the conditions along
    await toTree(page)
    await page.keyboard.type('your home')
    await page.keyboard.press('Enter')
    await press(page, exactly('Place, name and kind'))
    await write(page, 'Name in rules', 'tenure')
    await page.keyboard.press('Tab')
    await eventually(async () => (await draftOf(page, 'apply-for-rent-support')).pages[1]?.when).toEqual({ '==': [{ var: 'tenure' }, 'rent'] })

    // The preview is the runtime: filled in, it takes answers and follows the condition.
    await page.locator('builder-preview [data-fill]').click()
    const preview = page.locator('builder-preview guichet-service')
    await preview.getByLabel('I rent it').check()
    await toTree(page)
    await page.keyboard.type('rent a')
    await preview.getByLabel('Rent a month').fill('450')
    await toTree(page)
    await page.keyboard.type('rental')
    await preview.getByText('Rental contract').first().waitFor()

    // An error blocks publishing, and leads to its place
    await toTree(page)
    await page.keyboard.type('your home')
    await page.keyboard.press('Enter')
    await press(page, exactly('Edit as a formula'))
    await tabTo(page, ({ tag, id }) => tag === 'textarea' && id === 'line', 'the formula of the condition')
    await page.keyboard.insertText('nobody = 1')
    await page.locator('builder-expression-input .wrong').first().waitFor()
    await press(page, exactly('Publish…'))
    await page.locator('builder-publish dialog[open] builder-findings .error').first().waitFor()
    await expect.poll(() => page.locator('builder-publish dialog button.primary').isDisabled()).toBe(true)
    await clean('publishing with an error')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+z')
    await eventually(async () => JSON.stringify(await draftOf(page, 'apply-for-rent-support'))).not.toContain('nobody')

    // Publish
    await press(page, exactly('Publish…'))
    await press(page, exactly('Publish'))
    await page.locator('builder-publish builder-copy-box').waitFor()
    const tag = await page.locator('builder-publish builder-copy-box textarea').inputValue()
    expect(tag).toBe(`<script type="module" src="${server.url}/embed.js" data-service="demo/apply-for-rent-support"></script>`)
    await clean('published')
    const hosted = await openPage(browser)
    await hosted.page.goto(`${server.url}/s/demo/apply-for-rent-support`)
    await hosted.page.getByRole('heading', { name: 'Apply for rent support' }).first().waitFor()
    await hosted.close()
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })

  it('changes a published service, and the embedding page shows it', async () => {
    const { page, faults, close } = await openPage(browser, { locale: 'en-GB', viewport: { width: 1280, height: 800 } })
    await signIn(page, '#/services/en-street-use')
    await page.locator('builder-outline [role=treeitem]').first().waitFor()
    await toTree(page)
    await page.keyboard.type('serv')
    await page.keyboard.press('Enter')
    await write(page, 'Name of the service', 'Use the street for a while')
    await saved(page)
    await press(page, exactly('Publish…'))
    await press(page, exactly('Publish'))
    // What the server alone can warn of, such as a policy that is weak for such data, is named before.
    const warnings = page.locator('builder-publish fieldset input[type=checkbox]')
    await warnings.first().waitFor()
    for (const warning of await warnings.all()) await warning.check()
    await press(page, exactly('Publish'))
    await page.locator('builder-publish builder-copy-box').waitFor()
    const embedding = await openPage(browser, { locale: 'en-GB' })
    await embedding.page.goto(`${server.demoUrl}/en-street-use`)
    await embedding.page.locator('guichet-service').getByRole('heading', { name: 'Use the street for a while' }).waitFor()
    await embedding.close()
    expect(faults.filter(unexpected).filter((fault) => !/status of 422/.test(fault))).toEqual([])
    await close()
  })

  it('gives the agency a logo and colours, with their contrast said', async () => {
    const { page, faults, close } = await openPage(browser, { locale: 'en-GB', viewport: { width: 1280, height: 800 } })
    await signIn(page, '#/services/apply-for-rent-support')
    await page.locator('builder-outline [role=treeitem]').first().waitFor()
    await toTree(page)
    await page.keyboard.type('agency')
    // A picture larger than a logo may be, made here.
    const picture = await page.evaluate(() => {
      const canvas = document.createElement('canvas')
      canvas.width = 1600
      canvas.height = 800
      const context = canvas.getContext('2d') as CanvasRenderingContext2D
      const pixels = context.createImageData(1600, 800)
      for (let i = 0; i < pixels.data.length; i++) pixels.data[i] = i % 4 === 3 ? 255 : (i * 2654435761) >>> 24
      context.putImageData(pixels, 0, 0)
      return canvas.toDataURL('image/png').split(',')[1] as string
    })
    await page.locator('builder-settings #file').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(picture, 'base64') })
    await page.locator('builder-settings img.logo').waitFor()
    await write(page, 'Text for those', 'City of Ravenford')
    await write(page, 'Main colour, as', '#ffd400')
    await page.keyboard.press('Tab')
    await page.locator('#primary-contrast.wrong').waitFor()
    expect(await axe(page)).toEqual([])
    const { agency } = await draftOf(page, 'apply-for-rent-support')
    expect(agency.logo?.src).toMatch(/^data:image\/png;base64,/)
    expect(agency.logo?.src.length).toBeLessThanOrEqual(100_000)
    expect(agency.logo?.alt).toEqual({ en: 'City of Ravenford' })
    expect(agency.colours).toEqual({ primary: '#ffd400' })
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')
    const wrong = [
      ['type', { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: svg }],
      // What says that it is a picture is looked at as one, and what is too large for that is not opened at all.
      ['broken', { name: 'logo.png', mimeType: 'image/png', buffer: svg }],
      ['size', { name: 'logo.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(20_000_001) }],
    ] as const
    for (const [why, file] of wrong) {
      await page.locator('builder-settings #file').setInputFiles(file)
      await eventually(() => page.locator('#file-wrong').textContent()).toBe(messages[`picture.fault.${why}`]?.en)
      expect(await axe(page)).toEqual([])
    }
    expect((await draftOf(page, 'apply-for-rent-support')).agency.logo).toEqual(agency.logo)
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })
})

describe('questions', () => {
  it('of every kind can be added, are drawn in the preview at once, and break nothing', async () => {
    const { page, faults, close } = await openPage(browser, { locale: 'en-GB', viewport: { width: 1280, height: 800 } })
    await signIn(page, '#/')
    await page.locator('builder-services #title').fill('One of each')
    await page.keyboard.press('Enter')
    await page.locator('builder-outline [role=treeitem]').first().waitFor()
    const add = page.locator('builder-editor [data-act=addField]')
    const kinds = page.locator('builder-type-picker [data-type]')
    await add.click()
    // The list of kinds is fetched when it is first asked for.
    await kinds.first().waitFor()
    const types = await kinds.evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).dataset.type as string))
    expect(types).toContain('text')
    await page.keyboard.press('Escape')
    for (const type of types) {
      // A group would take the next one in.
      await page.locator('builder-outline [data-part="/pages/0"]').click()
      await add.click()
      await page.locator(`builder-type-picker [data-type="${type}"]`).click()
      await page.locator(`builder-outline [data-part="/pages/0/fields/${types.indexOf(type)}"]`).waitFor()
    }
    await eventually(async () => (await draftOf(page, 'one-of-each')).pages[0].fields.map((field) => field.type)).toEqual(
      // Tables and households are groups that begin with fields.
      types.map((type) => (type.startsWith('preset:') ? 'group' : type)),
    )
    // The draft as it is now, not as it was some questions ago.
    await eventually(() => page.locator('builder-preview guichet-service .g-fields > .g-field').count()).toBe(types.length)
    await page.locator('builder-preview guichet-service .g-fields').waitFor()
    // Each can be chosen on the canvas; so can what is in the groups that begin with fields.
    const boxes = () => page.locator('builder-canvas [data-part]').evaluateAll((found) => found.map((box) => (box as HTMLElement).dataset.part ?? ''))
    await eventually(async () => (await boxes()).filter((part) => /^\/pages\/0\/fields\/\d+$/.test(part)).length).toBe(types.length)
    expect((await boxes()).some((part) => /^\/pages\/0\/fields\/\d+\/fields\/\d+$/.test(part))).toBe(true)
    await expect.poll(() => page.locator('builder-preview .note').count()).toBe(0)
    // What one draft started with, the server takes: unfinished, but in shape.
    await expect.poll(() => page.locator('builder-editor [data-save="refused"]').count()).toBe(0)
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })
})

describe('nothing is lost', () => {
  it('when somebody else saves meanwhile, the author chooses, and undo brings the own version back', async () => {
    const { page, close } = await openPage(browser, { locale: 'en-GB', viewport: { width: 1280, height: 800 } })
    await signIn(page, '#/services/apply-for-rent-support')
    await page.locator('builder-outline [role=treeitem]').first().waitFor()
    await page.evaluate(async () => {
      const address = '/v1/admin/services/apply-for-rent-support'
      const { definition, revision } = await (await fetch(address)).json()
      const body = JSON.stringify({ definition: { ...definition, summary: { en: 'Theirs' } }, policy: null })
      const answer = await fetch(address, { method: 'PUT', headers: { 'content-type': 'application/json', 'if-match': `"${revision}"` }, body })
      if (!answer.ok) throw new Error(`${answer.status}`)
    })
    await toTree(page)
    await page.keyboard.type('serv')
    await page.keyboard.press('Enter')
    await write(page, 'Summary', 'Mine')
    await page.locator('builder-editor dialog#conflict[open]').waitFor()
    expect(await axe(page)).toEqual([])
    await expect.poll(() => page.locator('#conflict builder-copy-box textarea').inputValue()).toContain('"Mine"')
    await press(page, exactly('Take their version'))
    await eventually(() => page.locator('builder-editor dialog#conflict[open]').count()).toBe(0)
    expect((await draftOf(page, 'apply-for-rent-support')).summary).toEqual({ en: 'Theirs' })
    await page.keyboard.press('Control+z')
    await eventually(async () => (await draftOf(page, 'apply-for-rent-support')).summary).toEqual({ en: 'Mine' })
    await close()
  })

  it('when the connection goes, edits wait in the browser, also over a reload', async () => {
    const { page, close } = await openPage(browser, { locale: 'en-GB', viewport: { width: 1280, height: 800 } })
    await signIn(page, '#/services/apply-for-rent-support')
    await page.locator('builder-outline [role=treeitem]').first().waitFor()
    await page.route('**/v1/admin/services/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()))
    await toTree(page)
    await page.keyboard.type('serv')
    await page.keyboard.press('Enter')
    await write(page, 'Summary', 'Written on the train')
    await page.locator('builder-editor [data-save="offline"]').waitFor()
    await eventually(() => told(page)).toBe(messages['save.offline']?.en)
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.locator('builder-outline [role=treeitem]').first().waitFor()
    await page.unroute('**/v1/admin/services/*')
    await page.keyboard.press('Control+s')
    expect((await draftOf(page, 'apply-for-rent-support')).summary).toEqual({ en: 'Written on the train' })
    await close()
  })
})

describe('every screen', () => {
  const variants = [
    // Long words where there is room, and from right to left, dark, where there is least.
    { name: 'Greek', options: { locale: 'el-GR', viewport: { width: 1280, height: 800 } } },
    { name: 'Persian, 320 px, dark', options: { locale: 'fa-IR', viewport: { width: 320, height: 640 }, colorScheme: 'dark' as const } },
  ]
  for (const { name, options } of variants)
    it(`is clean and fits: ${name}`, async () => {
      const { page, faults, close } = await openPage(browser, options)
      const check = async (what: string) => {
        expect(await axe(page), what).toEqual([])
        const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
        expect(content, `${what} is not wider than the window`).toBeLessThanOrEqual(width as number)
      }
      await page.goto(`${server.url}/builder/`)
      await page.locator('staff-sign-in form').waitFor()
      await check('sign-in')
      await signIn(page, '#/')
      await page.locator('builder-services .services li').first().waitFor()
      await check('services')
      await page.goto(`${server.url}/builder/#/services/el-heating`)
      const tree = page.locator('builder-outline')
      await tree.locator('[role=treeitem]').first().waitFor()
      await page.locator('builder-preview guichet-service').getByRole('heading').first().waitFor()
      for (const part of [
        '/pages/0',
        '/pages/0/fields/0',
        '/pages/1/fields/1',
        '/documents/0',
        '@service',
        '@branding',
        '@languages',
        '@fee',
        '@handling',
        '@values',
        '@access',
        '@privacy',
        '@source',
      ]) {
        await tree.locator(`[data-part="${part}"]`).click()
        await check(part)
      }
      if (name.startsWith('Persian'))
        await expect.poll(() => page.evaluate(() => [document.documentElement.dir, document.documentElement.lang])).toEqual(['rtl', 'fa'])
      await page.locator('builder-editor [data-act=addField]').click()
      await page.locator('builder-type-picker dialog[open]').waitFor()
      await check('kinds of questions')
      expect(faults.filter(unexpected)).toEqual([])
      await close()
    })
})
