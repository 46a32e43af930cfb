/** Somebody who sends in over HTTP, as the runtime does: one key a submission, the same for each try. */
import { randomBytes } from 'node:crypto'
import { service } from './server-process.ts'

export interface Acknowledged {
  reference: string
  submission: string
  /** Bytes of the answer. */
  answer: string
}

export interface Answer {
  status: number
  type: string
  text: string
}

export interface Sending {
  key: string
  body: string
}

const address = (key: string) => `2001:db8:${key.slice(0, 4)}:${key.slice(4, 8)}::1`
const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'

/**
 * `hurried`: gives up after 20 seconds, as where a server may never answer. `unhurried`: waits for the answer or the end of the
 * connection, however busy the machine is, and takes no connection that the server may just be closing.
 */
export type Patience = 'hurried' | 'unhurried'

async function ask(url: string, path: string, headers: Record<string, string>, body: string, patience: Patience = 'hurried'): Promise<Answer> {
  const manner = patience === 'hurried' ? { headers, signal: AbortSignal.timeout(20_000) } : { headers: { ...headers, Connection: 'close' } }
  const response = await fetch(new URL(path, url), { method: 'POST', body, ...manner })
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() }
}

export const newKey = () => randomBytes(16).toString('hex')

/** `padding`: characters that the answers have besides. `file`: id of an upload. */
export function newSending(key = newKey(), { padding = 0, file = null as string | null } = {}): Sending {
  const answers = {
    name: `Citizen ${key}`,
    student: file !== null,
    ...(file ? { school: 'Polytechnic' } : {}),
    cards: padding ? [{ holder: 'x'.repeat(padding) }] : [],
  }
  return { key, body: JSON.stringify({ version: 1, language: 'en', answers, ...(file ? { documents: { student_id: [file] } } : {}) }) }
}

export const post = (url: string, { key, body }: Sending, patience?: Patience) =>
  ask(
    url,
    `/v1/services/${service}/submissions`,
    { 'Content-Type': 'application/json', ...(key === '' ? {} : { 'Idempotency-Key': key }), 'X-Forwarded-For': address(key || newKey()) },
    body,
    patience,
  )

/** A file of some `bytes`; what it holds besides the frame of a PDF is random, so that no two are the same. */
export const upload = (url: string, bytes = 3000, patience?: Patience) =>
  ask(
    url,
    `/v1/services/${service}/attachments?target=student_id&name=card.pdf`,
    { 'Content-Type': 'application/pdf', 'X-Forwarded-For': address(newKey()) },
    pdf.replace('\n1 0', `\n%${randomBytes(Math.ceil(bytes / 2)).toString('hex')}\n1 0`),
    patience,
  )

/** The case of a tracking code, or null where there is none. */
export async function follow(url: string, reference: string): Promise<string | null> {
  const { status, text } = await ask(
    url,
    '/v1/status',
    { 'Content-Type': 'application/json', 'X-Forwarded-For': address(newKey()) },
    JSON.stringify({ reference }),
  )
  if (status === 404) return null
  if (status !== 200) throw new Error(`unexpected ${status} ${text}`)
  return JSON.parse(text).submission
}

export function readAcknowledged({ status, text }: Answer): Acknowledged {
  if (status !== 201) throw new Error(`unexpected ${status} ${text}`)
  const { reference, submission } = JSON.parse(text)
  return { reference, submission, answer: text }
}
