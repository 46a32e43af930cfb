/** Codes that show whether an address or a telephone is the citizen's. */
import { chooseLanguage } from '../language.ts'
import { type Answer, checkCode, type Question, sendCode } from '../verification/verification.ts'
import { clientAddress } from './client.ts'
import type { Call, Route, Schema } from './route.ts'

const service = { agency: 'Name of the agency.', service: 'Name of the service.' }
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })
const question = {
  field: { type: 'string', maxLength: 200, description: 'Path of the field in the definition.' },
  value: { type: 'string', maxLength: 300, description: 'The address or number, as it was typed.' },
}
const verification: Schema = { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$', description: 'Names the verification. A secret of the browser that asked.' }
const seconds: Schema = { type: 'integer', minimum: 1 }

const asker = (call: Call) => {
  const { adapters, config, now } = call
  return { adapters, config, live: call.live(), client: clientAddress(call.c, config), now }
}

export const verificationRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/verifications',
    id: 'sendCode',
    tag: 'submissions',
    summary: 'Sends a code to an address or telephone that a field of the service wants to see verified. Says the same whether anybody has it.',
    access: 'service',
    params: service,
    query: { lang: { description: 'Language of the message.', schema: { type: 'string' } } },
    body: { schema: object(question), limit: 2048 },
    answers: {
      202: { description: 'It is on its way.', schema: object({ verification, expiresInSeconds: seconds, resendInSeconds: seconds }) },
      404: { description: 'No such field, or one that asks for no code.' },
      422: { description: 'No address.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      const language = chooseLanguage(call.query('lang'), call.header('accept-language'), call.live().version.definition.languages)
      return call.c.json(await sendCode(asker(call), call.body<Question>(), language), 202)
    },
  },
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/verifications/check',
    id: 'checkCode',
    tag: 'submissions',
    summary: 'Takes a code, and gives the proof that goes with the submission.',
    access: 'service',
    params: service,
    body: { schema: object({ ...question, verification, code: { type: 'string', pattern: '^[0-9]{6}$' } }), limit: 2048 },
    answers: {
      200: { description: 'The proof.', schema: object({ proof: { type: 'string' }, expiresAt: { type: 'string', format: 'date-time' } }) },
      404: { description: 'No such field, or one that asks for no code.' },
      422: { description: 'Not the code, or one that does not work any more.' },
      429: { description: 'Too many.' },
    },
    handle: async (call) => call.c.json(await checkCode(asker(call), call.body<Answer>())),
  },
]
