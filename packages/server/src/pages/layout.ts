/** The frame of the server's own pages. Everything put into it is escaped by hono/html. */
import { directionOf } from '@guichet/core'
import { html } from 'hono/html'
import { languages, say } from '../messages.ts'

type Html = ReturnType<typeof html>

export interface PageFrame {
  language: string
  title: string
  /** Address of this page without its query: the language links lead back to it. */
  path: string
  content: Html
  /** Languages to offer; those of the interface if absent. */
  offered?: readonly string[]
  /** Whether the page shows the links to the server's other pages. */
  nav?: boolean
  /** Whether it has tables and charts that want room. */
  wide?: boolean
}

const nameOf = (language: string) => new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language

export const layout = ({ language, title, path, content, offered = languages, nav = true, wide = false }: PageFrame) => html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/pages.css">
<link rel="icon" href="data:,">
</head>
<body${wide ? html` class="wide"` : ''}>
<a class="skip" href="#main">${say(language, 'page.skip')}</a>
<header>
${nav ? html`<nav><a href="/?lang=${language}">${say(language, 'page.services')}</a> <a href="/status?lang=${language}">${say(language, 'page.follow')}</a></nav>` : ''}
${
  offered.length > 1
    ? html`<nav aria-label="${say(language, 'page.languages')}">${offered.map((other) =>
        other === language
          ? html`<strong lang="${other}">${nameOf(other)}</strong> `
          : html`<a href="${path}?lang=${other}" lang="${other}" hreflang="${other}">${nameOf(other)}</a> `,
      )}</nav>`
    : ''
}
</header>
<main id="main">
${content}
</main>
</body>
</html>
`
