/**
 * What axe cannot see, over every example in its own language: reflow at 320 pixels (WCAG 1.4.10, which is 1280 at 400 %), text
 * spacing (1.4.12), the size of targets (2.5.8), the focus in forced colours (2.4.7, 1.4.11), and less motion for those who ask.
 * docs/accessibility.md says what is concluded from it.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readExamples } from '../examples/case.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { focused } from './keyboard.ts'
import { cut, inside, outlined, sideways, small, spacing } from './measures.ts'

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

const examples = readExamples().map(({ id, definition }) => [id, definition.languages[0] as string, definition.taskList !== undefined] as const)
const narrow = { width: 320, height: 640 }

type State = 'start' | 'tasks' | 'page' | 'errors'
/** Brings a service from one state to the next: its beginning, its list of tasks if it has one, its first questions, and what is wrong with no answers. */
async function* states(page: Page): AsyncGenerator<State> {
  const button = page.locator('guichet-service .g-button:not(.g-button-secondary)').first()
  await page.locator('guichet-service h1').waitFor()
  await button.waitFor()
  yield 'start'
  await button.click()
  const task = page.locator('guichet-service .g-task .g-link').first()
  const question = page.locator('guichet-service form .g-field').first()
  await task.or(question).waitFor()
  if (await task.isVisible()) {
    yield 'tasks'
    await task.click()
    await question.waitFor()
  }
  yield 'page'
  await button.click()
  await page.locator('guichet-service .g-error').first().waitFor()
  yield 'errors'
}

describe.each(examples)('%s', (id, language, tasks) => {
  test('at 320 pixels nothing scrolls sideways, nothing is too small to be hit, and wider spacing cuts nothing off', async () => {
    const { page, close } = await openPage(browser, { viewport: narrow, locale: language })
    await page.goto(`${server.demoUrl}/${id}`)
    const seen: State[] = []
    for await (const state of states(page)) {
      seen.push(state)
      expect([state, await small(page), await sideways(page)]).toEqual([state, [], 0])
      await page.evaluate(spacing)
      expect([state, await cut(page), await sideways(page)]).toEqual([state, [], 0])
    }
    expect(seen).toEqual(['start', ...(tasks ? ['tasks'] : []), 'page', 'errors'])
    await close()
  })

  test('in forced colours axe finds nothing, and the focus can be seen wherever it goes', async () => {
    const { page, close } = await openPage(browser, { forcedColors: 'active', reducedMotion: 'reduce', locale: language })
    await page.goto(`${server.demoUrl}/${id}`)
    for await (const state of states(page)) {
      expect([state, await axe(page)]).toEqual([state, []])
      const unseen: string[] = []
      for (let i = 0; i < 12; i++) {
        await page.keyboard.press('Tab')
        const outline = await outlined(page)
        if (outline === false) unseen.push((await focused(page)).text || (await focused(page)).id)
      }
      expect([state, unseen]).toEqual([state, []])
    }
    // Nothing moves by itself for those who do not want it.
    expect(await page.evaluate(`${inside}.filter((e) => e.getAnimations().some((a) => a.playState === 'running')).length`)).toBe(0)
    await close()
  })
})

test('the measures see what they look for', async () => {
  const { page, close } = await openPage(browser, { viewport: narrow })
  await page.goto(`${server.demoUrl}/en-order-case`)
  for await (const state of states(page)) if (state === 'page') break
  await page.evaluate(`{
    const root = document.querySelector('guichet-service').shadowRoot.querySelector('form')
    const button = document.createElement('button')
    button.style.cssText = 'inline-size: 20px; block-size: 20px; padding: 0; min-block-size: 0'
    const box = document.createElement('div')
    box.style.cssText = 'inline-size: 40px; block-size: 1em; overflow: hidden; white-space: nowrap'
    box.textContent = 'far longer than that'
    const wide = document.createElement('div')
    wide.style.cssText = 'inline-size: 900px; block-size: 1px'
    root.append(button, box, wide)
  }`)
  expect([(await small(page)).length, (await cut(page)).length, (await sideways(page)) > 0]).toEqual([1, 1, true])
  await close()
})
