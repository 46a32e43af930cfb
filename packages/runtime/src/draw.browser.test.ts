/** The drawing that citizens load, beside the library that it stands in for. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from '../../fields/src/browser-page.test-helper.ts'

interface Report {
  same: { steps: number; differences: string[] }
  control: { differences: string[] }
  listeners: [string[], string[]]
  meetings: [string[], string[]]
  /** Elements that came of values, and values that were refused. */
  markup: [number, number]
}

let report: Report
let opened: Awaited<ReturnType<typeof openPage>>
beforeAll(async () => {
  opened = await openPage(fileURLToPath(new URL('draw-page.ts', import.meta.url)), "'report' in globalThis")
  report = await opened.page.evaluate(() => (globalThis as unknown as { report: Report }).report)
})
afterAll(() => opened?.browser.close())

test('draws what lit-html draws, and keeps the elements that it keeps', () => {
  expect(report.same).toEqual({ steps: 2000, differences: [] })
  expect(report.control.differences.length).toBeGreaterThan(0)
})

test('calls the latest listener, and none where there is none', () => {
  expect(report.listeners[1]).toEqual(['first click button', 'second click button'])
  expect(report.listeners[1]).toEqual(report.listeners[0])
})

test('calls a function among the attributes with its element', () => {
  expect(report.meetings[1]).toEqual(['first first', 'second second'])
  expect(report.meetings[1]).toEqual(report.meetings[0])
})

test('never makes markup of a value, under Trusted Types', () => {
  expect(report.markup).toEqual([0, 4])
  expect(opened.faults).toEqual([])
})
