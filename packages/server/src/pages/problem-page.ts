import { html } from 'hono/html'
import { say } from '../messages.ts'
import type { Refused } from '../problem.ts'
import { layout } from './layout.ts'

/** What a person gets who followed a link to something that is not there, or that went wrong. */
export function problemPage(language: string, { code, extras }: Refused) {
  const title = say(language, `problem.${code}`, extras.params ?? {})
  return layout({ language, title, path: '/', offered: [], content: html`<h1>${title}</h1>` })
}
