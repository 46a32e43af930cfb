/** A published version as its author may look at it again: what it says and under which policy. It never changes. */
import { Refused } from '../problem.ts'
import { inTodaysFormat } from '../services/check-draft.ts'
import type { Route } from './route.ts'
import * as schemas from './schemas.ts'

const openedVersion = {
  type: 'object',
  required: ['version', 'publishedAt', 'digest', 'acknowledged', 'definition', 'policy'],
  properties: {
    version: { type: 'integer' },
    publishedAt: { type: 'string' },
    digest: { type: 'string' },
    acknowledged: schemas.acknowledged,
    definition: { type: 'object', description: 'In the format of today, whatever it was published in.' },
    policy: { type: 'object' },
  },
  additionalProperties: false,
}

export const adminVersionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/admin/services/{id}/versions/{version}',
    id: 'openVersion',
    tag: 'builder',
    summary: 'A published version with its policy.',
    access: 'user',
    permission: 'service.read',
    params: { id: 'Name of the service.', version: 'Number of the version.' },
    answers: {
      200: { description: 'The version.', schema: openedVersion },
      404: { description: 'No such version.', schema: schemas.problem },
      401: { description: 'Nobody is signed in.' },
      403: { description: 'Not from this server’s own pages.' },
    },
    async handle(call) {
      const number = /^[1-9]\d{0,8}$/.test(call.param('version')) ? Number(call.param('version')) : null
      const found = number === null ? null : await call.actor().agency.version(call.param('id'), number)
      if (!found) throw new Refused(404, 'not-found')
      const { version, publishedAt, digest, acknowledged, definition, policy } = found
      return call.c.json({ version, publishedAt, digest, acknowledged, definition: inTodaysFormat(definition), policy })
    },
  },
]
