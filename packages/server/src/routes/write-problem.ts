/** Turns whatever was thrown into problem+json, in the reader's language. */
import type { IncomingMessage } from 'node:http'
import { formatMessage, type Messages, type Problem, type Program, pickText } from '@guichet/core'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { isDiskFailure, rootOf } from '../disk-failure.ts'
import { FileTooLarge } from '../files/files.ts'
import { serverMessages } from '../messages.ts'
import { problemType, Refused } from '../problem.ts'

const most = 200

export interface ProblemContext {
  language: string
  /** Sentences of core, the field types and the runtime. */
  messages: Messages
  program?: Program
  /** By which the log names the request: what somebody who asks for help can quote. */
  requestId: string
}

/** The answer's parts: the app writes it, so that headers set before (cross-origin ones) stay. */
export function writeProblem({ status, code, extras }: Refused, { language, messages, program, requestId }: ProblemContext) {
  const own = serverMessages(language)
  const body = {
    type: problemType(code),
    title: formatMessage(own[`problem.${code}`], extras.params ?? {}, language),
    status,
    ...(extras.errors
      ? {
          errors: extras.errors.slice(0, most).map((problem) => ({
            pointer: problem.pointer,
            code: problem.code,
            detail: sentenceOf(problem, { language, messages: { ...own, ...messages }, program }),
          })),
        }
      : {}),
    ...extras.members,
    // Answers that must not be told apart (a wrong code, an unknown one) stay the same to the byte; the header names them all.
    ...(status >= 500 ? { requestId } : {}),
  }
  return {
    body: JSON.stringify(body),
    status: status as ContentfulStatusCode,
    headers: { 'Content-Type': 'application/problem+json; charset=utf-8', 'Content-Language': language, ...extras.headers },
  }
}

function sentenceOf({ pointer, code, params, message }: Problem, { language, messages, program }: Omit<ProblemContext, 'requestId'>): string {
  const languages = [language, ...(program?.definition.languages ?? [])]
  if (message) return pickText(message, languages).text
  const label = pickText(program && labelAt(program, pointer), languages).text
  return formatMessage(messages[code] ?? messages['shape.invalid'], { label, ...params }, language)
}

function labelAt(program: Program, pointer: string) {
  const parts = pointer.split('/').slice(1)
  if (parts[0] === 'documents') return program.definition.documents?.find(({ id }) => id === parts[1])?.label
  return program.nodes.get(parts.filter((part) => !/^\d+$/.test(part)).join('.'))?.field.label
}

/**
 * The database is there, and did not come to it: somebody else writes to the file (SQLITE_BUSY, SQLITE_LOCKED); a transaction
 * that was run again until patience ended, a statement that was cancelled or waited too long for a lock, no memory, no place.
 * Nothing of it was kept.
 */
const isOccupied = (code: string | undefined, errcode: number | undefined) =>
  (errcode !== undefined && [5, 6].includes(errcode & 0xff)) || /^(40001|40P01|55P03|57014|53[234]00)$/.test(code ?? '')

/** What an error means to the client, and whether it was to be expected. */
export function readError(error: unknown, incoming?: IncomingMessage): { refused: Refused; expected: boolean } {
  if (error instanceof Refused) return { refused: error, expected: true }
  if (error instanceof FileTooLarge) return { refused: new Refused(413, 'file-too-large'), expected: true }
  // Nobody is left to answer, and nothing is wrong here.
  if (incoming?.errored && rootOf(error) === incoming.errored) return { refused: new Refused(400, 'incomplete'), expected: true }
  const { code, errcode } = rootOf(error)
  // SQLITE_FULL: nothing was acknowledged, and reading goes on.
  if (code === 'ENOSPC' || errcode === 13) return { refused: new Refused(507, 'storage-full'), expected: false }
  if (isOccupied(code, errcode)) return { refused: new Refused(503, 'not-ready', { headers: { 'Retry-After': '2' } }), expected: false }
  // The database is away, or nobody knows whether it took the change: to be sent again, with the same idempotency key.
  if (code === 'STORE_UNREACHABLE') return { refused: new Refused(503, 'not-ready', { headers: { 'Retry-After': '2' } }), expected: false }
  // The object store is away, or refuses: the file was not taken.
  if (code === 'FILES_UNREACHABLE') return { refused: new Refused(503, 'not-ready', { headers: { 'Retry-After': '5' } }), expected: false }
  if (isDiskFailure(error)) return { refused: diskFailed(), expected: false }
  return { refused: new Refused(500, 'internal'), expected: false }
}

/** What everybody is told between the disk's failure and the end of the process. */
export const diskFailed = () => new Refused(503, 'not-ready', { headers: { 'Retry-After': '5' } })
