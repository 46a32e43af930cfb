/** What pages embed: the files of a release that never change, and the tags that load them. */

import { currentRelease, folderOfRelease, servedReleases } from '../embedding/releases.ts'
import { elements, embedTags, hosts } from '../embedding/tags.ts'
import { Refused } from '../problem.ts'
import { entityTag } from '../services/view-service.ts'
import { serveFile, serveText } from '../static.ts'
import type { Route, Schema } from './route.ts'

const text: Schema = { type: 'string' }
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', required: Object.keys(properties), properties, additionalProperties: false })
const array = (items: Schema): Schema => ({ type: 'array', items })

const embedding = object({
  release: { type: ['string', 'null'] },
  served: array(text),
  files: { type: 'object', additionalProperties: text },
  tags: array(
    object({
      element: { enum: elements },
      host: { enum: hosts },
      pinned: { type: 'boolean' },
      pieces: array(object({ place: { enum: ['page', 'site', 'component'] }, code: text })),
      policy: text,
    }),
  ),
})

const serviceName = /^([a-z][a-z0-9-]{0,59})\/([a-z][a-z0-9-]{0,79})$/

export const embeddingRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/pinned/{release}/{file+}',
    id: 'pinnedFile',
    tag: 'pages',
    summary: 'A file of a release that pages have pinned. What stands here never changes.',
    access: 'public',
    params: { release: 'Version and digest, as `/v1/embedding` names them.', file: 'Name of the file.' },
    answers: {
      200: { type: 'text/javascript', description: 'The file.' },
      404: { description: 'This server does not have the release any more, or no such file.' },
    },
    async handle(call) {
      const folder = folderOfRelease(call.web.runtime, call.config.dataDir, call.param('release'))
      if (folder === null) throw new Refused(404, 'release-unknown')
      const served = await serveFile(call.c, folder, call.param('file'), 'public, max-age=31536000, immutable')
      if (!served) throw new Refused(404, 'not-found')
      return served
    },
  },
  {
    method: 'GET',
    path: '/v1/embedding',
    id: 'getEmbedding',
    tag: 'services',
    summary:
      'The newest release of the embedding files with the digest of each (as `integrity` has it), the releases that are served, and the tags of a service.',
    access: 'public',
    query: {
      service: { description: '`agency/service`: whose tags are wanted.', schema: text },
      lang: { description: 'Language of the sentence that stands where the element could not.', schema: text },
    },
    answers: { 200: { description: 'Releases, digests and tags.', schema: embedding }, 400: { description: 'That is no name of a service.' } },
    async handle(call) {
      const wanted = call.query('service')
      const [, agency, service] = (wanted !== undefined && serviceName.exec(wanted)) || []
      if (wanted !== undefined && (agency === undefined || service === undefined)) throw new Refused(400, 'shape')
      const release = await currentRelease(call.web.runtime)
      const answer = JSON.stringify({
        release: release?.release ?? null,
        served: await servedReleases(call.web.runtime, call.config.dataDir),
        files: release?.files ?? {},
        tags: agency && service ? embedTags({ server: call.config.baseUrl, agency, service, release, language: call.language }) : [],
      })
      return serveText(call.c, answer, 'application/json; charset=utf-8', entityTag(answer))
    },
  },
]
