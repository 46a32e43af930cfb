import { directionOf } from '@guichet/core'
import { html } from 'hono/html'
import { say } from '../messages.ts'
import type { OpenApi, Operation } from '../routes/openapi.ts'
import { layout } from './layout.ts'

/** The reference is for programmers: its frame is in the reader's language, its sentences are those of the routes. */
export function referencePage(language: string, { paths, tags }: OpenApi) {
  const title = say(language, 'reference.title')
  const own = html`lang="${language}" dir="${directionOf(language)}"`
  const schema = (value: unknown) =>
    value === undefined ? '' : html`<details><summary>JSON Schema</summary><pre>${JSON.stringify(value, null, 2)}</pre></details>`
  const show = (
    method: string,
    path: string,
    { operationId, summary, parameters = [], requestBody, responses }: Operation,
  ) => html`<section id="${operationId}">
<h3><code>${method.toUpperCase()} ${path}</code></h3>
<p>${summary}</p>
${
  parameters.length > 0 || requestBody
    ? html`<h4 ${own}>${say(language, 'reference.takes')}</h4><ul>${parameters.map(
        (parameter) =>
          html`<li><code>${parameter.name}</code> (${parameter.in}${parameter.required ? `, ${say(language, 'reference.required')}` : ''}): ${parameter.description}</li>`,
      )}${Object.entries(requestBody?.content ?? {}).map(([type, content]) => html`<li><code>${type}</code> ${schema(content.schema)}</li>`)}</ul>`
    : ''
}
<h4 ${own}>${say(language, 'reference.gives')}</h4><ul>${Object.entries(responses).map(
    ([status, { description, content = {} }]) =>
      html`<li><code>${status}</code> ${description} ${Object.entries(content).map(([type, { schema: of }]) => html`<code>${type}</code> ${schema(of)}`)}</li>`,
  )}</ul>
</section>`
  const of = (tag: string) =>
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]) => (operation.tags.includes(tag) ? [show(method, path, operation)] : [])),
    )
  return layout({
    language,
    title,
    path: '/reference',
    content: html`<h1>${title}</h1>
<p><a href="/openapi.json">openapi.json</a></p>
<div lang="en" dir="ltr">${tags.map(({ name }) => html`<h2>${name}</h2>${of(name)}`)}</div>`,
  })
}
