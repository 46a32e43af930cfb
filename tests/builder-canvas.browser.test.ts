/** The canvas: parts chosen, moved, dragged and written where the runtime draws them; by pointer and by keyboard alone. */
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, permit, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { focused, tabTo } from './keyboard.ts'

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

/** A permit with a group, and a hint to write. */
function grouped(id: string) {
  const definition = permit(id)
  const home = { id: 'home', type: 'group', label: { en: 'Home', fa: 'خانه' }, fields: [{ id: 'street', type: 'text', label: { en: 'Street', fa: 'خیابان' } }] }
  definition.pages[0].fields.push(home as never)
  Object.assign(definition.pages[0].fields[0] as object, { hint: { en: 'As in your passport', fa: 'مانند گذرنامه' } })
  definition.pages.push({ id: 'more', title: { en: 'More', fa: 'بیشتر' }, fields: [{ id: 'note', type: 'textarea', label: { en: 'Note', fa: 'یادداشت' } }] })
  return definition
}
type Fields = readonly { id: string; label?: Record<string, string>; fields?: Fields }[]
const idsOf = (fields: Fields): string => fields.map(({ id, fields: inner }) => (inner ? `${id}(${idsOf(inner)})` : id)).join(' ')
const shape = async (ada: Awaited<ReturnType<typeof author>>, id: string) =>
  (await ada.draft(id)).pages.map(({ fields }) => idsOf(fields as Fields)).join(' | ')
const told = (page: Page) => page.locator('builder-editor [data-told]').textContent()
const box = (page: Page, part: string) => page.locator(`builder-canvas [data-part="${part}"]`)
const tool = (page: Page, name: string) => page.locator(`builder-canvas [data-tool="${name}"]`)
const chosen = (page: Page) => page.locator('builder-canvas [aria-selected=true]').evaluateAll((boxes) => boxes.map((one) => (one as HTMLElement).dataset.part))
/** The box that has the keyboard, and whether the tree has it. */
const active = (page: Page) =>
  page.locator('builder-canvas [role=tree]').evaluate((tree) => {
    const root = tree.getRootNode() as ShadowRoot
    return root.activeElement === tree && root.getElementById(tree.getAttribute('aria-activedescendant') ?? '')?.dataset.part
  })
/** The canvas shows these parts, each where the runtime draws it. */
async function drawn(page: Page, part: string, text: string) {
  await eventually(() => box(page, part).locator('.unseen').first().textContent()).toContain(text)
  await eventually(async () => {
    const [own, label] = await Promise.all([
      box(page, part).boundingBox(),
      page.locator('builder-preview guichet-service .g-label', { hasText: text }).first().boundingBox(),
    ])
    return own && label && label.y >= own.y - 2 && label.y + label.height <= own.y + own.height + 2
  }).toBe(true)
}

it('chooses, moves, duplicates, drags and writes on the canvas, one step of undo each', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(grouped('canvas'))
  await ada.open('canvas')
  // Somebody is quicker than the first drawing: what is chosen last is what shows.
  await page.locator('builder-outline [data-part="/pages/1"]').click()
  await drawn(page, '/pages/1/fields/0', 'Note')
  await page.locator('builder-outline [data-part="/pages/0"]').click()
  await drawn(page, '/pages/0/fields/3', 'Do you use gas?')
  // What depends on answers is there too, with its condition in words.
  await eventually(() => box(page, '/pages/0/fields/3').locator('[data-when]').textContent()).toBe('if Kind of stall is “Food”')
  await box(page, '/pages/0/fields/1').click()
  await eventually(() => page.locator('builder-settings h2').textContent()).toBe('Income')
  await eventually(() => page.locator('builder-outline [aria-selected=true]').getAttribute('data-part')).toBe('/pages/0/fields/1')
  await box(page, '/pages/0/fields/3').click({ modifiers: ['Shift'] })
  await eventually(() => chosen(page)).toEqual(['/pages/0/fields/1', '/pages/0/fields/2', '/pages/0/fields/3'])
  await box(page, '/pages/0/fields/2').click({ modifiers: ['ControlOrMeta'] })
  await eventually(() => page.locator('builder-settings h2').textContent()).toBe('2 parts chosen')

  // By keyboard alone: along the boxes, to the tools, and moved
  await box(page, '/pages/0/fields/1').click()
  await page.keyboard.press('ArrowUp')
  await eventually(() => active(page)).toBe('/pages/0/fields/0')
  await page.keyboard.press('Alt+ArrowDown')
  await eventually(() => shape(ada, 'canvas')).toBe('income name kind gas home(street) | note')
  await eventually(() => told(page)).toBe('Full name, 2 of 5 in About you')
  await drawn(page, '/pages/0/fields/1', 'Full name')
  await eventually(() => active(page)).toBe('/pages/0/fields/1')
  await page.keyboard.press('Tab')
  await eventually(async () => (await focused(page)).label).toBe('Move up')
  await page.keyboard.press('Enter')
  await eventually(() => shape(ada, 'canvas')).toBe('name income kind gas home(street) | note')
  await eventually(async () => (await focused(page)).label).toBe('Move up')
  await page.keyboard.press('End')
  await eventually(async () => (await focused(page)).label).toBe('Settings')
  await tool(page, 'duplicate').click()
  await eventually(() => shape(ada, 'canvas')).toBe('name name_2 income kind gas home(street) | note')
  await eventually(() => told(page)).toBe('Full name, 2 of 6 in About you')
  await tool(page, 'remove').click()
  await eventually(() => shape(ada, 'canvas')).toBe('name income kind gas home(street) | note')
  await eventually(() => active(page)).not.toBe(false)
  await page.keyboard.press('Control+z')
  await eventually(() => shape(ada, 'canvas')).toBe('name name_2 income kind gas home(street) | note')
  await page.keyboard.press('Control+z')
  await eventually(() => shape(ada, 'canvas')).toBe('name income kind gas home(street) | note')

  // Dragged below another one, with a mark where it goes; Escape lets go
  await drawn(page, '/pages/0/fields/2', 'Kind of stall')
  const drag = async (from: string, to: string, share: number) => {
    await box(page, to).scrollIntoViewIfNeeded()
    const [start, end] = await Promise.all([box(page, from).boundingBox(), box(page, to).boundingBox()])
    if (!start || !end) throw new Error('a box is not in sight')
    await page.mouse.move(start.x + 60, start.y + 8)
    await page.mouse.down()
    await page.mouse.move(end.x + 60, end.y + end.height / 2, { steps: 4 })
    await page.mouse.move(end.x + 60, end.y + end.height * share, { steps: 2 })
  }
  await drag('/pages/0/fields/0', '/pages/0/fields/1', 0.9)
  await eventually(() => box(page, '/pages/0/fields/1').getAttribute('class')).toContain('after')
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await expect.poll(() => shape(ada, 'canvas')).toBe('name income kind gas home(street) | note')
  await drag('/pages/0/fields/0', '/pages/0/fields/1', 0.9)
  await page.mouse.up()
  await eventually(() => shape(ada, 'canvas')).toBe('income name kind gas home(street) | note')
  await eventually(() => told(page)).toBe('Full name, 2 of 5 in About you')

  // Written where it is read
  await drawn(page, '/pages/0/fields/1', 'Full name')
  await page.keyboard.press('F2')
  const area = page.locator('builder-canvas textarea')
  await eventually(async () => (await focused(page)).label).toBe('Text of “Full name” in English')
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('Delete')
  await page.keyboard.press('Enter')
  await eventually(() => page.locator('builder-canvas .wrong').textContent()).toContain('A text cannot be empty.')
  await eventually(() => area.getAttribute('aria-invalid')).toBe('true')
  await page.keyboard.press('Escape')
  await eventually(() => active(page)).toBe('/pages/0/fields/1')
  expect(((await ada.draft('canvas')).pages[0].fields[1] as Fields[number]).label?.en).toBe('Full name')
  for (const name of ['Name', 'First and last name']) {
    await page.keyboard.press('F2')
    await area.waitFor()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type(name)
    await page.keyboard.press('Enter')
    await eventually(async () => ((await ada.draft('canvas')).pages[0].fields[1] as Fields[number]).label?.en).toBe(name)
    await eventually(() => active(page)).toBe('/pages/0/fields/1')
  }
  // However soon one after the other: two steps of undo.
  await page.keyboard.press('Control+z')
  await eventually(async () => ((await ada.draft('canvas')).pages[0].fields[1] as Fields[number]).label?.en).toBe('Name')
  await page.locator('builder-preview guichet-service').getByText('Name', { exact: true }).first().waitFor()
  await page.locator('builder-preview guichet-service').getByText('As in your passport').first().waitFor()
  await tool(page, 'hint').click()
  await eventually(async () => (await focused(page)).label).toBe('Hint of “Name” in English')
  await page.keyboard.press('Escape')
  await area.waitFor({ state: 'detached' })

  // To be filled in it is the form alone, with its conditions.
  await page.locator('builder-preview [data-fill]').click()
  const service = page.locator('builder-preview guichet-service')
  await service.getByLabel('Food').check()
  await service.getByText('Do you use gas?').first().waitFor()
  await eventually(() => page.locator('builder-canvas').count()).toBe(0)
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('drags from the canvas onto another page in the outline, and back from the outline to a place on the canvas', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(grouped('across'))
  await ada.open('across')
  await drawn(page, '/pages/0/fields/1', 'Income')
  const line = (part: string) => page.locator(`builder-outline [data-part="${part}"]`)
  const drag = async (from: Locator, to: Locator, share: number) => {
    await to.scrollIntoViewIfNeeded()
    const [start, end] = await Promise.all([from.boundingBox(), to.boundingBox()])
    if (!start || !end) throw new Error('not in sight')
    await page.mouse.move(start.x + 60, start.y + 8)
    await page.mouse.down()
    await page.mouse.move(end.x + 60, end.y + end.height / 2, { steps: 5 })
    await page.mouse.move(end.x + 60, end.y + end.height * share, { steps: 2 })
  }
  await box(page, '/pages/0/fields/0').click()
  await box(page, '/pages/0/fields/1').click({ modifiers: ['ControlOrMeta'] })
  await drag(box(page, '/pages/0/fields/1'), line('/pages/1'), 0.5)
  await eventually(() => line('/pages/1').getAttribute('class')).toContain('inside')
  await eventually(() => page.locator('builder-canvas .before, builder-canvas .after, builder-canvas .inside').count()).toBe(0)
  await page.mouse.up()
  await eventually(() => shape(ada, 'across')).toBe('kind gas home(street) | name income note')
  await eventually(() => told(page)).toBe('2 parts; the first: Full name, 1 of 3 in More')
  // The canvas follows them.
  await drawn(page, '/pages/1/fields/0', 'Full name')
  await eventually(() => page.locator('builder-outline .inside').count()).toBe(0)

  await drag(line('/pages/0/fields/1'), box(page, '/pages/1/fields/2'), 0.6)
  await eventually(() => box(page, '/pages/1/fields/2').getAttribute('class')).toContain('after')
  await page.mouse.up()
  await eventually(() => shape(ada, 'across')).toBe('kind home(street) | name income note gas')
  // Undone where it was done: on the page that one was on.
  await page.keyboard.press('ControlOrMeta+z')
  await eventually(() => shape(ada, 'across')).toBe('kind gas home(street) | name income note')
  await drawn(page, '/pages/1/fields/0', 'Full name')
  await page.keyboard.press('ControlOrMeta+z')
  await eventually(() => shape(ada, 'across')).toBe('name income kind gas home(street) | note')
  await drawn(page, '/pages/0/fields/1', 'Income')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('in Persian, at 320 pixels, with forced colours: in reach, in its direction, and by keyboard', async () => {
  const ada = await author(browser, server, 'fa', { viewport: { width: 320, height: 800 }, forcedColors: 'active' })
  const { page } = ada
  const definition = grouped('boom')
  await ada.put({ ...definition, languages: ['fa', 'en'] })
  await ada.open('boom')
  await drawn(page, '/pages/0/fields/1', 'درآمد')
  await page.locator('builder-preview [data-fill]').focus()
  await tabTo(page, (at) => at.tag === 'div' && at.label === 'خدمت، بخش به بخش', 'the canvas')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await eventually(() => active(page)).toBe('/pages/0/fields/1')
  await page.keyboard.press('Alt+ArrowUp')
  await eventually(() => shape(ada, 'boom')).toBe('income name kind gas home(street) | note')
  await eventually(() => told(page)).toBe('درآمد، ۱ از ۵ در دربارهٔ شما')
  await drawn(page, '/pages/0/fields/0', 'درآمد')
  // The tools are in sight and can be walked along to the left.
  await eventually(async () => {
    const tools = await page.locator('builder-canvas [role=toolbar]').boundingBox()
    return tools && tools.x >= 0 && tools.x + tools.width <= 320
  }).toBe(true)
  await tool(page, 'up').focus()
  await page.keyboard.press('ArrowLeft')
  await eventually(async () => (await focused(page)).label).toBe('پایین')
  await page.keyboard.press('Escape')
  await eventually(() => active(page)).toBe('/pages/0/fields/0')
  await page.keyboard.press('F2')
  await eventually(async () => (await focused(page)).label).toBe('متن «درآمد» به فارسی')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('درآمد سالانه')
  await page.keyboard.press('Enter')
  await eventually(async () => ((await ada.draft('boom')).pages[0].fields[0] as Fields[number]).label).toEqual({ en: 'Income', fa: 'درآمد سالانه' })
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  expect(await axe(page)).toEqual([])
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('shows the beginning of a long page first, and then all of it: lines, boxes, numbers and keys', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  const definition = permit('long')
  const count = 150
  definition.pages[0].fields = Array.from({ length: count }, (_, i) => ({
    id: `q${i}`,
    type: 'text',
    label: { en: `Question ${i}`, fa: `پرسش ${i}` },
  })) as never
  definition.documents = []
  await ada.put(definition)
  await ada.open('long')
  const last = `/pages/0/fields/${count - 1}`
  // Without anybody scrolling, so that search and screen readers find each.
  await eventually(() => page.locator('builder-outline [data-part^="/pages/0/"]').count()).toBe(count)
  await eventually(() => page.locator('builder-canvas [data-part^="/pages/0/"]').count()).toBe(count)
  for (const tree of ['builder-outline', 'builder-canvas'])
    await eventually(() =>
      page
        .locator(`${tree} [data-part^="/pages/0/"]`)
        .evaluateAll((all) => all.every((one, i) => one.ariaPosInSet === String(i + 1) && one.ariaSetSize === '150')),
    ).toBe(true)
  await page.locator('builder-outline [data-part="/pages/0"]').click()
  await page.keyboard.press('End')
  await eventually(() => page.locator('builder-outline [tabindex="0"]').getAttribute('data-part')).toBe('@source')
  await page.keyboard.press('Control+k')
  await page.locator('builder-jump input').fill(`Question ${count - 1}`)
  await page.keyboard.press('Enter')
  await eventually(() => page.locator('builder-outline [aria-selected=true]').getAttribute('data-part')).toBe(last)
  await drawn(page, last, `Question ${count - 1}`)
  // In sight, where the canvas is lifted over what is drawn.
  await eventually(async () => {
    const around = await page.locator('builder-editor section.preview').boundingBox()
    const own = await box(page, last).boundingBox()
    return around && own && own.y >= around.y && own.y < around.y + around.height
  }).toBe(true)
  await page.locator('builder-settings input[lang=en]').first().fill('The last one')
  await drawn(page, last, 'The last one')
  await page.locator('builder-editor .head > h1').focus()
  await page.keyboard.press('ControlOrMeta+z')
  // Undone where one is.
  await drawn(page, last, `Question ${count - 1}`)
  await eventually(() => page.locator('builder-outline [aria-selected=true]').getAttribute('data-part')).toBe(last)
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('draws anew only what an edit has changed, and shows what it would show if it were opened now', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  const definition = grouped('piecewise')
  const more = { id: 'sum', type: 'computed', label: { en: 'Sum', fa: 'جمع' }, value: { '+': [{ var: 'income' }, { money: 100 }] } }
  const rows = {
    id: 'stalls',
    type: 'group',
    label: { en: 'Stalls', fa: 'غرفه‌ها' },
    repeat: {},
    fields: [{ id: 'width', type: 'number', label: { en: 'Width', fa: 'پهنا' } }],
  }
  definition.pages[0].fields.push(more as never, rows as never)
  await ada.put(definition)
  await ada.open('piecewise')
  await drawn(page, '/pages/0/fields/3', 'Do you use gas?')
  const sheet = page.locator('builder-preview guichet-service')
  /** Marks what is drawn now; gives the parts that have been drawn since the last time. */
  const fresh = () =>
    sheet.evaluate((service) =>
      [...(service.shadowRoot?.querySelectorAll('.g-fields > .g-field') ?? [])].flatMap((field) => {
        const isFresh = !field.hasAttribute('data-seen')
        field.setAttribute('data-seen', '')
        return isFresh ? [(field.querySelector('label, legend')?.textContent ?? '').trim().split(/\s{2,}/)[0]] : []
      }),
    )
  const shown = () =>
    sheet.evaluate((service) => {
      const copy = service.shadowRoot?.querySelector('.g')?.cloneNode(true) as Element
      for (const marked of copy.querySelectorAll('[data-seen]')) marked.removeAttribute('data-seen')
      return copy.outerHTML.replaceAll(/<!--.*?-->/g, '').replaceAll(/\s+/g, ' ')
    })
  const boxes = () =>
    page
      .locator('builder-canvas [role=treeitem]')
      .evaluateAll((all) => all.map((one) => [one.textContent?.replaceAll(/\s+/g, ' '), one.ariaPosInSet, one.ariaSetSize]))
  await fresh()
  const edit = async (act: () => Promise<unknown>, order: string) => {
    await act()
    await eventually(() => shape(ada, 'piecewise')).toBe(order)
  }
  const start = 'name income kind gas home(street) sum stalls(width) | note'

  await box(page, '/pages/0/fields/0').click()
  await page.locator('builder-settings input[lang=en]').first().fill('Whole name')
  await drawn(page, '/pages/0/fields/0', 'Whole name')
  // What follows from other answers may show something else, and is drawn with each edit.
  expect(await fresh()).toEqual(['Whole name', 'Sum', 'Stalls'])
  await box(page, '/pages/0/fields/1').click()
  await edit(() => page.keyboard.press('Alt+ArrowDown'), 'name kind income gas home(street) sum stalls(width) | note')
  await drawn(page, '/pages/0/fields/1', 'Kind of stall')
  expect(await fresh()).toEqual(['Sum', 'Stalls'])
  await edit(() => tool(page, 'duplicate').click(), 'name kind income income_2 gas home(street) sum stalls(width) | note')
  await drawn(page, '/pages/0/fields/4', 'Do you use gas?')
  expect(await fresh()).toEqual(['Income (optional)', 'Sum', 'Stalls'])
  await box(page, '/pages/0/fields/0').click()
  await edit(() => page.keyboard.press('Delete'), 'kind income income_2 gas home(street) sum stalls(width) | note')
  await drawn(page, '/pages/0/fields/3', 'Do you use gas?')
  // The page itself: what stands around the questions is drawn, and they stay.
  await box(page, '/pages/0').dblclick()
  await page.keyboard.type('You and your stall')
  await page.keyboard.press('Enter')
  await eventually(() => sheet.locator('h1').textContent()).toBe('You and your stall')
  expect(await fresh()).toEqual(['Sum', 'Stalls'])

  await eventually(() => shape(ada, 'piecewise')).not.toBe(start)
  const [piecewise, pieces] = [await shown(), await boxes()]
  await ada.open('piecewise')
  await drawn(page, '/pages/0/fields/3', 'Do you use gas?')
  expect(await fresh()).toHaveLength(7)
  expect(await shown()).toBe(piecewise)
  await eventually(boxes).toEqual(pieces)

  // Another page of a draft of which only one page was drawn anew.
  await box(page, '/pages/0/fields/0').click()
  await edit(() => page.keyboard.press('Alt+ArrowDown'), 'income kind income_2 gas home(street) sum stalls(width) | note')
  await page.locator('builder-outline [data-part="/pages/1"]').click()
  await drawn(page, '/pages/1/fields/0', 'Note')
  await page.locator('builder-outline [data-part="/pages/0"]').click()
  await drawn(page, '/pages/0/fields/0', 'Income')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('a line of the outline far down stays where it is when it is clicked, and has the keyboard', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  const definition = permit('far')
  const many = Array.from({ length: 40 }, (_, i) => ({ id: `line_${i}`, type: 'text', label: { en: `Line ${i}`, fa: `خط ${i}` } }))
  definition.pages[0].fields.push(...(many as never[]))
  await ada.put(definition)
  await ada.open('far')
  for (const part of ['@handling', '/pages/0/fields/30', '@access']) {
    const line = page.locator(`builder-outline [data-part="${part}"]`)
    await line.scrollIntoViewIfNeeded()
    const before = await line.boundingBox()
    await line.click()
    await eventually(() => line.getAttribute('aria-selected')).toBe('true')
    await eventually(() => line.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)).toBe(true)
    await eventually(() => line.boundingBox()).toEqual(before)
  }
  await page.keyboard.press('ArrowUp')
  await eventually(() => page.locator('builder-outline [aria-selected=true]').getAttribute('data-part')).toBe('@values')
  expect(ada.faults.filter(unexpected)).toEqual([])
})
