/** What pages embed: the files of a release that never change, and the tags that load them. */

import { mapOrigins } from '../embedding/map-tiles.ts'
import { Refused } from '../problem.ts'
import { entityTag } from '../services/view-service.ts'
import { serveFile, serveText } from '../static.ts'
import type { Call, Route, Schema } from './route.ts'
import * as schemas from './schemas.ts'

const text: Schema = { type: 'string' }
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', required: Object.keys(properties), properties, additionalProperties: false })
const array = (items: Schema): Schema => ({ type: 'array', items })

const embedding = object({
  release: { type: ['string', 'null'] },
  served: array(text),
  files: { type: 'object', additionalProperties: text },
  tags: array(
    object({
      element: { enum: ['service', 'guide', 'status', 'catalog'] },
      host: { enum: ['html', 'cms', 'react', 'vue', 'frame'] },
      pinned: { type: 'boolean' },
      pieces: array(object({ place: { enum: ['page', 'site', 'component'] }, code: text })),
      policy: text,
    }),
  ),
})

const finding = object({ level: { enum: ['wrong', 'careful', 'fine'] }, code: text, says: text, change: { type: ['string', 'null'] } })

/** Loaded with the first request that needs it: a start does not wait for it. */
const releases = () => import('../embedding/releases.ts')
const tagsOf = async (call: Call, agency: string, service: string) => {
  const [{ currentRelease }, { embedTags }] = await Promise.all([releases(), import('../embedding/tags.ts')])
  const [release, live] = await Promise.all([currentRelease(call.web.runtime), call.adapters.live.find(agency, service)])
  const maps = mapOrigins(live?.whole.nodes.values() ?? [])
  const types = call.adapters.outside.modulesFor(live?.whole.nodes.values() ?? [])
  return { release, tags: embedTags({ server: call.config.baseUrl, agency, service, release, language: call.language, maps, types }) }
}

/** A look at a page makes calls to elsewhere: enough for who mends one, too few to be of use for anything else. */
const looks = { size: 10, period: 600_000 }

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
      const { folderOfRelease } = await releases()
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
      const { currentRelease, servedReleases } = await releases()
      const { release, tags } = agency && service ? await tagsOf(call, agency, service) : { release: await currentRelease(call.web.runtime), tags: [] }
      const served = await servedReleases(call.web.runtime, call.config.dataDir)
      const answer = JSON.stringify({ release: release?.release ?? null, served, files: release?.files ?? {}, tags })
      return serveText(call.c, answer, 'application/json; charset=utf-8', entityTag(answer))
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/services/{id}/page-check',
    id: 'checkPage',
    tag: 'builder',
    summary: 'Looks at a page as it is delivered, and says what would keep the service from working there, and the line to change.',
    access: 'user',
    permission: 'service.edit',
    params: { id: 'Name of the service.' },
    query: { lang: { description: 'Language tag.', schema: text } },
    body: { schema: object({ address: { type: 'string', maxLength: 2000 } }), limit: 8192 },
    answers: {
      200: { description: 'What was found; where the page could not be read, only why.', schema: object({ address: text, findings: array(finding) }) },
      404: { description: 'No such service.', schema: schemas.problem },
      429: { description: 'Too many pages were looked at.', schema: schemas.problem },
    },
    async handle(call) {
      const id = call.param('id')
      const { agency, name } = call.actor()
      if (!(await agency.service(id))) throw new Refused(404, 'not-found')
      const { address } = call.body<{ address: string }>()
      const wait = await call.adapters.rates.take(agency.id, `page-check/${name}`, looks, call.now.getTime())
      if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
      const service = `${agency.id}/${id}`
      const { tags } = await tagsOf(call, agency.id, id)
      const tag = tags.find(({ element, host, pinned }) => element === 'service' && host === 'html' && !pinned)?.pieces[0]?.code ?? ''
      // What reads pages is loaded when somebody asks for it.
      const [{ checkPageFromServer }, { sayFinding }] = await Promise.all([
        import('../doctor/page/page-from-server.ts'),
        import('../doctor/page/check-page.ts'),
      ])
      const found = await checkPageFromServer(call, address, { service, tag })
      const findings = found.map(({ level, code, params, change }) => ({
        level,
        code,
        says: sayFinding(call.language, { code, params }),
        change: change ?? null,
      }))
      return call.c.json({ address, findings })
    },
  },
]
