import { directionOf, pickText } from '@guichet/core'
import { html } from 'hono/html'
import { say } from '../messages.ts'
import type { LiveService } from '../services/live.ts'

/** A service alone, for a frame on another page. Links lead out of the frame. `types`: addresses of modules with field types made outside. */
export function framePage({ agency, version }: LiveService, language: string, scheme: string, types: string) {
  const { definition, service } = version
  return html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${scheme}">
<base target="_top">
<title>${pickText(definition.title, [language, ...definition.languages]).text}</title>
<link rel="stylesheet" href="/frame.css">
<link rel="icon" href="data:,">
</head>
<body>
<guichet-service service="${agency.id}/${service}" lang="${language}"${types && html` types="${types}"`}></guichet-service>
<noscript><p>${say(language, 'service.script')}</p></noscript>
<script type="module" src="/frame.js"></script>
<script type="module" src="/embed.js"></script>
</body>
</html>
`
}

/** Sources of `frame-ancestors`: the pages that may embed the service, and our own. */
export function embedders({ version }: Pick<LiveService, 'version'>): string {
  const { preset, rules } = version.policy as { preset?: string; rules?: { origins?: { allow: readonly string[] } } }
  const allow = rules?.origins?.allow ?? (preset === 'open' ? ['*'] : [])
  return ["'self'", ...allow].join(' ')
}
