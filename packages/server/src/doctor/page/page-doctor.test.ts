import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { run } from '../../cli.ts'
import { readConfig } from '../../config.ts'
import { startServer } from '../../server.ts'

let page: Server | undefined
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  page?.close()
  for (const stop of stops.splice(0)) await stop()
})

/** What the command prints, and its exit code. */
async function doctor(address: string): Promise<{ code: number; text: string }> {
  let text = ''
  const stream = { write: (more: string) => (text += more) }
  const code = await run(['doctor', address], {}, { out: stream, err: stream })
  return { code, text }
}

test('the command looks over a page with a real server behind it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'guichet-page-'))
  const server = await startServer(readConfig({ PORT: '0', DEMO_PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent' }))
  stops.push(async () => {
    await server.close()
    rmSync(dataDir, { recursive: true })
  })
  const demo = await doctor(`${server.demoUrl}/el-heating`)
  expect(demo.text).toContain('ok    The service will work on this page.')
  expect(demo.code).toBe(0)

  page = createServer((_, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "script-src 'self'" })
      .end(`<!doctype html><html lang="el"><script type="module" src="${server.url}/embed.js" data-service="demo/el-heating"></script></html>`)
  })
  await new Promise<void>((resolve) => (page as Server).listen(0, '127.0.0.1', resolve))
  const own = `http://localhost:${(page.address() as AddressInfo).port}`
  const stranger = await doctor(own)
  expect(stranger.code).toBe(1)
  expect(stranger.text).toContain(`script-src 'self' ${server.url}`)
  expect(stranger.text).toContain(`does not let ${own} embed it`)
})

test('a page that is not there is said in a sentence', async () => {
  const gone = createServer()
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
  const { port } = gone.address() as AddressInfo
  await new Promise((resolve) => gone.close(resolve))
  expect(await doctor(`http://127.0.0.1:${port}/`)).toEqual({ code: 1, text: `http://127.0.0.1:${port}/ could not be reached (ECONNREFUSED).\n` })
})
