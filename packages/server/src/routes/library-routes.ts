/** What an agency keeps beside its services: shared blocks, templates, and the bases that services were made from. */
import { may } from '../access/may.ts'
import { keepBounds } from '../definitions/bounds.ts'
import { canonical, digestOf } from '../digest.ts'
import { exampleTemplate, exampleTemplates } from '../examples.ts'
import { Refused } from '../problem.ts'
import { usesOf } from '../services/block-uses.ts'
import type { KeptKind } from '../store/library.ts'
import { Conflict } from '../store/store.ts'
import type { Call, Route, Schema } from './route.ts'

/** Versions of a kind that an agency may keep; they never change, and none is dropped by itself. */
export const mostKept: Readonly<Record<KeptKind, number>> = { block: 1000, template: 500, base: 500 }

const text: Schema = { type: 'string', maxLength: 200 }
const whole: Schema = { type: 'integer', minimum: 0 }
const object = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const list = (items: Schema): Schema => ({ type: 'array', items })
const title: Schema = { type: 'object', additionalProperties: text, maxProperties: 50 }
const line = { kind: { enum: ['base', 'block', 'template'] }, id: text, version: whole, title, digest: text, savedBy: text, savedAt: text }
/** What a template is for; those that come with the server say it. */
const summary: Schema = { type: 'object', additionalProperties: { type: 'string' } }
const kept = Object.keys(line)

const params = { kind: '`block`, `template` or `base`.', name: 'Its id.', version: 'Number of the version.' }
const refusals = {
  401: { description: 'Nobody is signed in.' },
  403: { description: 'Not from this server’s own pages, or not allowed to them.' },
  404: { description: 'There is none.' },
}

function kindOf(call: Call): KeptKind {
  const kind = call.param('kind')
  if (!Object.hasOwn(mostKept, kind)) throw new Refused(404, 'not-found')
  return kind as KeptKind
}

export const libraryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/admin/library/{kind}',
    id: 'listLibrary',
    tag: 'builder',
    summary:
      'What the agency keeps of a kind: the newest version of each, without its content. Of templates also the examples that lie beside the server, whose ids begin with `example.`.',
    access: 'user',
    permission: 'service.read',
    params: { kind: params.kind },
    answers: { 200: { description: 'By id.', schema: object({ items: list(object({ ...line, summary }, kept)) }) }, ...refusals },
    async handle(call) {
      const kind = kindOf(call)
      const items = await call.actor().agency.library(kind)
      return call.c.json({ items: kind === 'template' ? [...items, ...exampleTemplates(call.config.examplesDir)] : items })
    },
  },
  // Before the one whose address is alike.
  {
    method: 'GET',
    path: '/v1/admin/library/block/{name}/uses',
    id: 'usesOfBlock',
    tag: 'builder',
    summary: 'The services whose drafts have the block, and in which versions.',
    access: 'user',
    permission: 'service.read',
    params: { name: params.name },
    answers: { 200: { description: 'By service.', schema: object({ uses: list(object({ service: text, title, versions: list(whole) })) }) }, ...refusals },
    async handle(call) {
      return call.c.json({ uses: await usesOf(call.actor().agency, call.param('name')) })
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/library/{kind}/{name}/{version}',
    id: 'openKept',
    tag: 'builder',
    summary: 'One version with its content.',
    access: 'user',
    permission: 'service.read',
    params,
    answers: { 200: { description: 'It.', schema: object({ ...line, summary, content: { type: 'object' } }, [...kept, 'content']) }, ...refusals },
    async handle(call) {
      const version = Number(call.param('version'))
      const kind = kindOf(call)
      const name = call.param('name')
      const example = kind === 'template' && version === 1 ? exampleTemplate(call.config.examplesDir, name) : null
      const found = example ?? (Number.isSafeInteger(version) ? await call.actor().agency.kept(kind, name, version) : null)
      if (!found) throw new Refused(404, 'not-found')
      return call.c.json(found)
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/library/{kind}',
    id: 'keepInLibrary',
    tag: 'builder',
    summary: 'Keeps the next version of a block or a template, or the content of a base, whose id is its digest.',
    access: 'user',
    permission: 'service.edit',
    params: { kind: params.kind },
    body: {
      schema: object(
        {
          id: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,59}$', description: 'Of a block or template.' },
          after: { ...whole, description: 'The newest version that was looked at; 0: there is none.' },
          title,
          content: { type: 'object' },
        },
        ['title', 'content'],
      ),
      limit: 2_097_152,
      keys: 50_000,
    },
    answers: {
      200: { description: 'The base is kept already.', schema: object({ id: text, version: whole }) },
      201: { description: 'Kept.', schema: object({ id: text, version: whole }) },
      409: { description: 'There are as many as there may be.' },
      412: { description: 'Somebody else has saved since.' },
      ...refusals,
    },
    async handle(call) {
      const kind = kindOf(call)
      const { id, after = 0, title, content } = call.body<{ id?: string; after?: number; title: Record<string, string>; content: object }>()
      // What all services share is not for who may change some.
      if (kind !== 'base' && !may(call.actor(), 'service.edit')) throw new Refused(403, 'not-allowed')
      keepBounds(content)
      const digest = digestOf(canonical(content))
      const { agency } = call.actor()
      const name = kind === 'base' ? digest : id
      if (name === undefined) throw new Refused(400, 'shape', { errors: [{ pointer: '/id', code: 'shape.invalid' }] })
      if (kind === 'base' && (await agency.kept('base', digest, 1))) return call.c.json({ id: digest, version: 1 })
      const version = kind === 'base' ? 1 : after + 1
      try {
        await agency.keep({ kind, id: name, version, title, content, digest }, mostKept[kind], call.deed())
      } catch (error) {
        if (!(error instanceof Conflict)) throw error
        if (error.kind === 'full') throw new Refused(409, 'quota')
        // Two brought the same base at once.
        if (kind === 'base') return call.c.json({ id: digest, version: 1 })
        throw new Refused(412, 'stale')
      }
      return call.c.json({ id: name, version }, 201)
    },
  },
  {
    method: 'DELETE',
    path: '/v1/admin/library/{kind}/{name}',
    id: 'removeFromLibrary',
    tag: 'builder',
    summary: 'Removes a block or a template with all its versions. What was made from it stays as it is.',
    access: 'user',
    permission: 'service.edit',
    params: { kind: params.kind, name: params.name },
    answers: { 204: { description: 'Removed.' }, ...refusals },
    async handle(call) {
      const kind = kindOf(call)
      // A base goes with the last service that was made from it, and nobody knows which that is.
      if (kind === 'base' || !may(call.actor(), 'service.edit')) throw new Refused(403, 'not-allowed')
      if (!(await call.actor().agency.forgetKept(kind, call.param('name'), call.deed()))) throw new Refused(404, 'not-found')
      return call.c.body(null, 204)
    },
  },
]
