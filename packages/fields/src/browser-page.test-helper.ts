import { type Browser, chromium, type Page } from 'playwright-core'
import { build, type Rolldown } from 'vite'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** One module in a real Chromium, under the strictest policy that the runtime has to live with; `ready` holds when it has run. `pictures`: whose. */
export async function openPage(entry: string, ready: string, pictures = "'none'"): Promise<{ browser: Browser; page: Page; faults: string[] }> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2022', lib: { entry, formats: ['es'] }, rolldownOptions: { output: { codeSplitting: false } } },
  })) as Rolldown.RolldownOutput[]
  const code = output[0]?.output[0].code ?? ''
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  await page.route('https://page.test/**', (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: code })
      : route.fulfill({
          contentType: 'text/html',
          headers: {
            'content-security-policy': `default-src 'none'; script-src https://page.test; img-src ${pictures}; require-trusted-types-for 'script'`,
          },
          body: '<!doctype html><html lang="en"><title>Page</title><script type="module" src="/page.js"></script>',
        }),
  )
  await page.goto('https://page.test/')
  await page.waitForFunction(ready)
  return { browser, page, faults }
}
