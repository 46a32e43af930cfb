/** Pages about what can be checked without us: the log of an agency, the page that checks receipts, a receipt to save. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readCheckpoint, readNote, writeNoteKey } from '@guichet/receipts'
import { noteKeyOf } from '../audit/audit-log.ts'
import { logPage } from '../pages/log-page.ts'
import { Refused } from '../problem.ts'
import { keysDocument, receiptFile } from '../receipts/receipt-file.ts'
import { serveFile } from '../static.ts'
import { findCase } from '../submissions/follow.ts'
import { requestBody } from './request-body.ts'
import type { Call, Route } from './route.ts'
import { guessing } from './service-routes.ts'

const page = { type: 'text/html', description: 'A page.' }
const lang = { lang: { description: 'Language of the page.', schema: { type: 'string' } } }
const shownCheckpoints = 24
const missing = (): never => {
  throw new Refused(404, 'not-found')
}

async function showLog(call: Call): Promise<Response> {
  const { store, auditLog, witnesses, keys } = call.adapters
  const found = (await store.agencies()).find(({ id }) => id === call.param('agency')) ?? missing()
  const checkpoints = await store.agency(found.id).checkpoints(shownCheckpoints)
  const head = checkpoints[0] && readCheckpoint(readNote(checkpoints[0].note)?.text ?? '')
  const [newest] = keys.publicKeys.filter(({ kid }) => kid === keys.signer.kid)
  call.c.header('Content-Language', call.language)
  return call.c.html(
    await logPage(call.language, {
      agency: found,
      checkpoints,
      witnesses: await witnesses.state(found.id),
      broken: auditLog.broken(found.id) !== null,
      keys: keysDocument(keys),
      logKey: head && newest ? await writeNoteKey(noteKeyOf(head.origin, newest)) : null,
    }),
  )
}

export const trustPageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/log/{agency}',
    id: 'logPage',
    tag: 'pages',
    summary: 'What was signed about an agency’s log, who else has seen it, and that it only grows.',
    access: 'anyone',
    params: { agency: 'Name of the agency.' },
    query: lang,
    answers: { 200: page, 404: { description: 'There is no such agency.' } },
    handle: showLog,
  },
  {
    method: 'GET',
    path: '/log.js',
    id: 'logScript',
    tag: 'pages',
    summary: 'Script of a log’s page, which says the essentials without it: checks that the log only grew.',
    access: 'anyone',
    answers: { 200: { type: 'text/javascript', description: 'The file.' }, 404: { description: 'Not built.' } },
    handle: async (call) => (await serveFile(call.c, call.web.receipts, 'log.js', 'no-cache')) ?? missing(),
  },
  {
    method: 'GET',
    path: '/verify',
    id: 'verifyPage',
    tag: 'pages',
    summary: 'A page in one file that checks receipts without a network, with the keys of today in it. To be saved, and opened from there.',
    access: 'anyone',
    answers: { 200: { ...page, description: 'The file.' }, 404: { description: 'Not built.' } },
    async handle(call) {
      const built = await readFile(join(call.web.receipts, 'verify.html'), 'utf8').catch(missing)
      const brought = {
        server: call.config.baseUrl,
        keys: keysDocument(call.adapters.keys),
        witnesses: call.config.witnesses.map(({ key }) => key),
      }
      const data = JSON.stringify(brought).replaceAll('<', '\\u003c')
      call.c.header('Cache-Control', 'no-cache')
      // A page of ours may run no script that stands in it; this one is opened from where it was saved.
      call.c.header('Content-Disposition', 'attachment; filename="guichet-verify.html"')
      return call.c.body(
        built.replace('id="built">null<', () => `id="built">${data}<`),
        200,
        { 'Content-Type': 'text/html; charset=utf-8' },
      )
    },
  },
  {
    method: 'POST',
    path: '/receipt',
    id: 'saveReceipt',
    tag: 'pages',
    summary: 'The receipt of a case with its proof as a file, from the status page without JavaScript.',
    access: 'anyone',
    body: { stream: 'application/x-www-form-urlencoded', schema: { type: 'object', properties: { reference: { type: 'string' } }, required: ['reference'] } },
    answers: {
      200: { description: 'The file.', type: 'application/json', schema: { type: 'object' } },
      404: { description: 'No case with this code.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      const bytes = await requestBody(call.c).read(4096)
      if (bytes === 'too-large') throw new Refused(413, 'too-large', { params: { count: 4096 } })
      const typed = (new URLSearchParams(new TextDecoder().decode(bytes)).get('reference') ?? '').slice(0, 200)
      await guessing(call)
      const { live, submission } = await findCase(call.adapters, typed)
      const file = await receiptFile(call.adapters, live.agency, submission)
      return call.c.body(`${JSON.stringify(file, null, 2)}\n`, 200, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Disposition': `attachment; filename="${live.version.service}-${submission.id}.receipt.json"`,
      })
    },
  },
]
