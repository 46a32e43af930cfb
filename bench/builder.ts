/**
 * The editor with a large service, in a real Chromium: how long until it can be used, and how much script an edit, an
 * undo and a change of selection cost. Figures are medians. `node bench/builder.ts [fields] [slow-down of the CPU]`.
 */
import type { CDPSession, Page } from 'playwright-core'
import { author } from '../tests/builder-steps.ts'
import { launch, startTestServer } from '../tests/harness.ts'
import { largeService } from './large-service.ts'

const [count = 500, slower = 1] = process.argv.slice(2).map(Number)
const rounds = 9
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

/** Milliseconds of script that the main thread has run, as the processor counts: what else the machine does is not in it. */
async function scriptTime(client: CDPSession): Promise<number> {
  const { metrics } = await client.send('Performance.getMetrics')
  return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN)
}

/** The script of an act until it is drawn; and what comes later: the preview, lint, saving. */
async function cost(page: Page, client: CDPSession, act: () => Promise<void>) {
  const before = await scriptTime(client)
  await act()
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
  const drawn = await scriptTime(client)
  await page.waitForTimeout(2000)
  return { now: drawn - before, all: (await scriptTime(client)) - before }
}

const [browser, { server, stop }] = await Promise.all([launch(), startTestServer()])
try {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(largeService(count))
  const client = await page.context().newCDPSession(page)
  await client.send('Performance.enable', { timeDomain: 'threadTicks' })
  if (slower > 1) await client.send('Emulation.setCPUThrottlingRate', { rate: slower })

  const opening: number[] = []
  for (let i = 0; i < 3; i++) {
    await page.goto(`${server.url}/builder/#/`)
    await page.goto(`${server.url}/builder/#/services/large`)
    const began = performance.now()
    await page.reload()
    await page.locator('builder-outline [role=treeitem]').first().waitFor()
    await page.locator('builder-settings :is(input, textarea):visible').first().waitFor()
    opening.push(performance.now() - began)
    await page.waitForTimeout(1500)
  }
  console.log(`${count} fields, CPU ${slower} x slower, medians`)
  console.log(`open until outline and settings can be used   ${median(opening).toFixed(0).padStart(6)} ms`)

  const tell = (name: string, costs: Awaited<ReturnType<typeof cost>>[]) =>
    console.log(
      `${name.padEnd(45)} ${median(costs.map(({ now }) => now))
        .toFixed(1)
        .padStart(6)} ms of script until drawn, ${median(costs.map(({ all }) => all)).toFixed(0)} ms with lint, preview and saving`,
    )
  const line = (id: number) => page.locator(`builder-outline [data-part="/pages/${Math.floor(id / 25)}/fields/${id % 25}"]`)
  const several = async (act: (i: number) => Promise<void>) => {
    const costs = []
    for (let i = 0; i < rounds; i++) costs.push(await cost(page, client, () => act(i)))
    return costs.slice(1)
  }
  tell('choose another question', await several((i) => line(100 + i * 3).dispatchEvent('click')))
  await line(240).dispatchEvent('click')
  const input = page.locator('builder-settings :is(input, textarea):visible').first()
  await input.focus()
  tell('type a letter into its text', await several(() => page.keyboard.press('x')))
  await page.locator('builder-editor .head > h1').focus()
  tell('undo', await several(() => page.keyboard.press('Control+z')))
  await line(240).dispatchEvent('click')
  await page.locator('builder-outline [tabindex="0"]').focus()
  tell('move it by one place', await several((i) => page.keyboard.press(i % 2 === 0 ? 'Alt+ArrowDown' : 'Alt+ArrowUp')))
  await ada.close()
} finally {
  await browser.close()
  await stop()
}
