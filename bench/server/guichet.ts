/** Guichet as an operator starts it: the built `guichet serve` (run.ts builds it) in a process of its own, over a folder of its own. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Program, start } from './place.ts'
import { agencyId, definition, policy, serviceId } from './service.ts'

export const cli = fileURLToPath(new URL('../../packages/server/dist/guichet.js', import.meta.url))

export interface Guichet extends Program {
  port: number
  url: string
  /** From the start of the process to the first good answer of /readyz. */
  readyMs: number
}

/** A folder with the measured service in it, for EXAMPLES_DIR. */
export function writeExamples(folder: string, measured = definition): string {
  const examples = join(folder, 'examples')
  mkdirSync(join(examples, serviceId), { recursive: true })
  writeFileSync(join(examples, serviceId, 'definition.json'), JSON.stringify(measured))
  writeFileSync(join(examples, serviceId, 'policy.json'), JSON.stringify(policy))
  return examples
}

export function environment(folder: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    HOME: folder,
    PORT: '0',
    DEMO_PORT: 'off',
    DATA_DIR: join(folder, 'data'),
    EXAMPLES_DIR: writeExamples(folder),
    AGENCY: agencyId,
    // Clients are told apart by the header that a proxy would set: all connections come from one address here.
    TRUST_PROXY: '1',
    ...more,
  }
}

/** Logs as by default, one line a request, into a file. */
export async function startGuichet(folder: string, more: Record<string, string> = {}): Promise<Guichet> {
  const env = environment(folder, more)
  const began = performance.now()
  const program = start(process.execPath, [cli, 'serve'], { env, log: join(folder, 'guichet.log') })
  const [, url = ''] = await program.says(/Catalogue: +(http\S+)\n/)
  for (let tries = 0; ; tries++) {
    const response = await fetch(`${url}/readyz`)
    await response.arrayBuffer()
    if (response.status === 200) break
    if (tries > 2000) throw new Error(`Guichet is not ready: ${response.status}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return { ...program, url, port: Number(new URL(url).port), readyMs: performance.now() - began }
}

/** What a citizen's browser sends, from one of many clients. */
export const submitHeaders = { 'Content-Type': 'application/json', 'Idempotency-Key': '{key}', 'X-Forwarded-For': '{address}' }
export const submitPath = `/v1/services/${agencyId}/${serviceId}/submissions`
