/** What protects a service: for citizens, and for the author who is working on its policy. */
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { chooseLanguage } from '../language.ts'
import { presets } from '../policy/preset.ts'
import { Refused } from '../problem.ts'
import { inTodaysFormat } from '../services/check-draft.ts'
import { protectionOf, reviewPolicy } from '../services/protection.ts'
import { entityTag } from '../services/view-service.ts'
import { serveText } from '../static.ts'
import type { Route, Schema } from './route.ts'
import * as schemas from './schemas.ts'

const text: Schema = { type: 'string' }
const texts: Schema = { type: 'array', items: text }
const preset: Schema = { enum: presets }
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', required: Object.keys(properties), properties, additionalProperties: false })
const options: Schema = { type: 'object' }

const protection = object({ preset, rules: { type: 'array', items: object({ rule: text, title: text, said: texts }) } })
const review = object({
  preset,
  presets: { type: 'array', items: preset },
  rules: { type: 'array', items: object({ rule: text, title: text, citizen: texts, author: texts, options, preset: options, schema: options }) },
  findings: { type: 'array', items: object({ code: text, severity: { enum: ['error', 'warning'] }, pointer: text, params: options, detail: text }) },
})

export const policyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/services/{agency}/{service}/protection',
    id: 'getProtection',
    tag: 'services',
    summary: 'What protects the service, in the words of its rules.',
    access: 'service',
    params: { agency: 'Name of the agency.', service: 'Name of the service.' },
    query: { lang: { description: 'Language tag.', schema: { type: 'string' } } },
    answers: { 200: { description: 'Rule by rule.', schema: protection }, 304: { description: 'Unchanged.' }, 404: { description: 'No such service.' } },
    async handle(call) {
      const live = call.live()
      const language = chooseLanguage(call.query('lang'), call.header('accept-language'), live.version.definition.languages)
      const said = JSON.stringify(protectionOf(live, language, call.adapters.rules))
      call.c.header('Content-Language', language)
      call.c.header('Vary', 'Accept-Language', { append: true })
      return serveText(call.c, said, 'application/json; charset=utf-8', entityTag(said))
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/services/{id}/policy/review',
    id: 'reviewPolicy',
    tag: 'builder',
    summary: 'A policy in words, with the form of each rule and what is wrong with it for this service. Nothing is stored.',
    access: 'user',
    permission: 'service.read',
    params: { id: 'Name of the service.' },
    body: { schema: object({ policy: { $ref: 'https://guichet.dev/schemas/policy/1.json' } }), limit: 262_144 },
    answers: {
      200: { description: 'The review.', schema: review },
      404: { description: 'No such service.', schema: schemas.problem },
      401: { description: 'Nobody is signed in.' },
      403: { description: 'Not from this server’s own pages.' },
    },
    async handle(call) {
      const { agency } = call.actor()
      const draft = await agency.service(call.param('id'))
      if (!draft) throw new Refused(404, 'not-found')
      const { policy } = call.body<{ policy: Policy }>()
      // A draft may be unfinished: what lint finds errors in is not held against its policy.
      const definition = inTodaysFormat(draft.definition)
      const whole = (await call.adapters.lint(definition, agency.id)).some(({ severity }) => severity === 'error') ? null : (definition as ServiceDefinition)
      return call.c.json(reviewPolicy(call.adapters, policy, whole, call.language))
    },
  },
]
