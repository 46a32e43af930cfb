/** What the load asks for. */
import { submitHeaders, submitPath } from './guichet.ts'
import type { LoadOptions } from './load.ts'
import { bodyOf } from './service.ts'

export type Request = Pick<LoadOptions, 'port' | 'method' | 'paths' | 'headers' | 'bodies' | 'expect'>

export const bodies = Array.from({ length: 256 }, (_, i) => bodyOf(i))

export const submitting = (port: number): Request => ({ port, method: 'POST', paths: [submitPath], headers: submitHeaders, bodies, expect: 201 })
