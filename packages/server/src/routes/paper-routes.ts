/** A case as a PDF. First party, signed in. */
import { disposition } from '../cases/hand-out-attachment.ts'
import { printCase } from '../papers/print-case.ts'
import type { Route } from './route.ts'

export const paperRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/admin/cases/{id}/case.pdf',
    id: 'printCase',
    tag: 'cases',
    summary: 'A case as a tagged PDF, in the language of the reader: what they see of it when they open it. That it was read goes on the audit log.',
    access: 'user',
    permission: 'case.read',
    params: { id: 'Number of the submission.' },
    query: {
      purpose: {
        description: 'What for. Where the policy asks for it and it is missing, the problem `purpose` lists what there is to choose from.',
        schema: { type: 'string', maxLength: 200 },
      },
    },
    answers: {
      200: { description: 'The file, to be saved.', type: 'application/pdf', schema: { type: 'string', format: 'binary' } },
      401: { description: 'Nobody is signed in.' },
      403: { description: 'Not from this server’s own pages.' },
      404: { description: 'The agency has no such case.' },
      410: { description: 'Its key was destroyed: what was sent in cannot be opened.' },
      422: { description: 'There is more in it than a file to be printed holds.' },
      503: { description: 'Too many are being made at once: nothing was opened. `Retry-After` says when to try again.' },
    },
    async handle(call) {
      const { agency, agencyTitle: title } = call.actor()
      const { file, name } = await printCase(call.adapters, agency, call.param('id'), call.deed(), { reading: call.reading(), title, now: call.now })
      return call.c.body(file, 200, {
        'Content-Type': 'application/pdf',
        'Content-Length': String(file.byteLength),
        'Content-Disposition': disposition(name),
      })
    },
  },
]
