/** OpenAPI 3.1 of the routes. Nothing is said here that a route does not say. */
import policy from '@guichet/schemas/policy.schema.json' with { type: 'json' }
import receipt from '@guichet/schemas/receipt.schema.json' with { type: 'json' }
import serviceDefinition from '@guichet/schemas/service-definition.schema.json' with { type: 'json' }
import submission from '@guichet/schemas/submission.schema.json' with { type: 'json' }
import type { Route, Schema } from './route.ts'
import { problem } from './schemas.ts'

const components: Record<string, Schema> = { problem, policy, receipt, serviceDefinition, submission }

export interface OpenApi {
  openapi: '3.1.0'
  info: { title: string; version: string; summary: string }
  servers: { url: string }[]
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, Schema> }
}

export interface Operation {
  operationId: string
  tags: string[]
  summary: string
  parameters?: { name: string; in: string; required: boolean; description: string; schema: Schema }[]
  requestBody?: { required: true; content: Record<string, { schema: Schema }> }
  responses: Record<string, { description: string; content?: Record<string, { schema?: Schema }> }>
  security?: Record<string, never[]>[]
}

const problemAnswer = { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } }

function operation(route: Route): Operation {
  const parameters = [
    ...Object.entries(route.params ?? {}).map(([name, description]) => ({ name, in: 'path', required: true, description, schema: { type: 'string' } })),
    ...Object.entries(route.query ?? {}).map(([name, { description, required = false, schema }]) => ({ name, in: 'query', required, description, schema })),
    ...Object.entries(route.headers ?? {}).map(([name, { description, required = false, schema }]) => ({ name, in: 'header', required, description, schema })),
  ]
  const { body } = route
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { ['stream' in body ? body.stream : 'application/json']: { schema: body.schema } } } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, { description, type, schema }]) => {
          const content =
            Number(status) >= 400 && type === undefined
              ? problemAnswer
              : type || schema
                ? { [type ?? 'application/json']: { ...(schema ? { schema } : {}) } }
                : undefined
          return [status, { description, ...(content ? { content } : {}) }]
        }),
      ),
      default: { description: 'A problem (RFC 9457).', content: problemAnswer },
    },
    ...(route.access === 'user' ? { security: [{ session: [] }] } : {}),
  }
}

export function openApi(routes: readonly Route[], baseUrl: string): OpenApi {
  const paths: OpenApi['paths'] = {}
  for (const route of routes) {
    const path = route.path.replace('+}', '}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Guichet', version: '1', summary: 'Public e-services: what citizens send in, and what the builder edits.' },
    servers: [{ url: baseUrl }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: baseUrl.startsWith('https:') ? '__Host-guichet' : 'guichet' } },
    },
  }
}
