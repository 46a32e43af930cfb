/** What every kind of delivery must hold. The outside is a real one, on loopback. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type FieldTypes } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import type { Answers, Json, ServiceDefinition, WebhookEvent } from '@guichet/schemas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { createEgress, type Egress } from '../egress/egress.ts'
import { openKeyFolder } from '../keys/key-folder.ts'
import type { Delivery, DeliveryKind, Happening } from './delivery.ts'

/** The other side of a delivery. */
export interface Outside {
  /** What the server is told to reach it. */
  env: Record<string, string>
  /** Settings of a service that sends to it. */
  settings: object
  /** The delivery's id as each thing that was taken shows it, in order. */
  arrived(): string[]
  /**
   * How it behaves from now on: takes everything; takes nothing just now; answers nothing. `off` closes it: nobody is there.
   */
  behave(how: 'well' | 'busy' | 'silent'): void
  off(): Promise<void>
}

export interface DeliverySubject {
  name: string
  kind: DeliveryKind
  /** A service that it fits, answers to it, and which event is told. */
  definition: ServiceDefinition
  answers: Answers
  event: WebhookEvent['type']
  /** What must not be seen in destinations and reasons. */
  personal: readonly string[]
  wrongSettings: readonly object[]
  open(): Promise<Outside>
}

const now = new Date('2026-01-05T08:00:00.000Z')

export function deliverySuite({ name, kind, definition, answers, event: type, personal, wrongSettings, open }: DeliverySubject) {
  describe(`delivery ${name}`, () => {
    let outside: Outside
    let delivery: Delivery
    let folder: string
    let egress: Egress
    const program = compile(definition, fieldTypes as unknown as FieldTypes)
    const happening: Happening = {
      event: { type, timestamp: now.toISOString(), data: { agency: 'city', service: definition.id, version: 1, submission: '01kea00000', status: 'received' } },
      statusUrl: 'https://forms.example.org/status',
      submission: { language: definition.languages[0] as string, answers, program },
    }
    const planned = () => delivery.plan(outside.settings as never, program)(happening)
    const send = (id: string, payload: Json, { signal = new AbortController().signal, attempt = 1 } = {}) =>
      delivery.deliver(payload, { id, agency: 'city', egress, now, attempt, signal })
    /** As the worker does: what is thrown is a try that failed. */
    const outcome = async (...of: Parameters<typeof send>) => {
      try {
        return await send(...of)
      } catch {
        return { state: 'retry' as const, reason: 'failed', after: null }
      }
    }

    beforeEach(async () => {
      outside = await open()
      folder = mkdtempSync(join(tmpdir(), 'guichet-delivery-'))
      const config = readConfig({ DATA_DIR: folder, ...outside.env })
      egress = createEgress(config.egressAllow)
      delivery = kind({ config, egress, keys: openKeyFolder(join(folder, 'keys'), now) })
    })
    afterEach(async () => {
      await outside.off()
      rmSync(folder, { recursive: true, force: true })
    })

    it('has nothing against settings that can be meant', () => {
      expect(delivery.fault(outside.settings as never, program)).toBeNull()
    })

    it('plans without calling anybody, and what it plans survives being stored', () => {
      const effects = planned()
      expect(effects.length).toBeGreaterThan(0)
      expect(outside.arrived()).toEqual([])
      for (const { destination, payload } of effects) {
        expect(JSON.parse(JSON.stringify(payload))).toEqual(payload)
        expect(destination).toMatch(/^\S{1,200}$/)
        for (const secret of personal) expect(destination).not.toContain(secret)
      }
      expect(planned()).toEqual(effects)
    })

    it('delivers, and shows the same id on every try', async () => {
      const [effect] = planned()
      expect(await send('01kea1', effect!.payload)).toEqual({ state: 'done' })
      expect(await send('01kea1', effect!.payload, { attempt: 2 })).toEqual({ state: 'done' })
      expect(await send('01kea2', effect!.payload)).toEqual({ state: 'done' })
      expect(outside.arrived()).toEqual(['01kea1', '01kea1', '01kea2'])
    })

    it('tries again when the other side is busy or away, and does not say to whom', async () => {
      const [effect] = planned()
      outside.behave('busy')
      const busy = await outcome('01kea1', effect!.payload)
      await outside.off()
      const away = await outcome('01kea1', effect!.payload)
      for (const result of [busy, away]) {
        expect(result).toMatchObject({ state: 'retry', reason: expect.stringMatching(/^[a-z0-9-]{1,40}$/) })
        for (const secret of personal) expect(JSON.stringify(result)).not.toContain(secret)
      }
      expect(outside.arrived()).toEqual([])
    })

    it('ends when it is told to, whatever the other side does', async () => {
      const [effect] = planned()
      outside.behave('silent')
      const stop = new AbortController()
      setTimeout(() => stop.abort(), 50)
      const began = performance.now()
      expect(await outcome('01kea1', effect!.payload, { signal: stop.signal })).toMatchObject({ state: 'retry' })
      expect(performance.now() - began).toBeLessThan(2000)
    })

    it.each(wrongSettings.map((settings) => [JSON.stringify(settings), settings]))('refuses %s', (_, settings) => {
      expect(delivery.fault(settings as never, program)).toMatch(/^[a-z0-9-]+$/)
    })
  })
}
