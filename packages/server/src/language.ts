/** Which language to answer in. */
import { languages } from './messages.ts'

/** Tags of an Accept-Language header, best first. */
function accepted(header: string | undefined): string[] {
  return (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().split(';')
      const quality = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find(Boolean)
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ tag, quality }) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(tag) && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}

/** The first of `offered` that the reader asked for, exactly or in its base language; else the first offered. */
export function chooseLanguage(asked: string | undefined, header: string | undefined, offered: readonly string[]): string {
  for (const tag of [...(asked ? [asked] : []), ...accepted(header)]) {
    const wanted = tag.toLowerCase()
    const exact = offered.find((language) => language.toLowerCase() === wanted)
    const base = offered.find((language) => language.toLowerCase().split('-')[0] === wanted.split('-')[0])
    if (exact ?? base) return (exact ?? base) as string
  }
  return offered[0] as string
}

/** What was asked for lately: browsers send few different headers, and every request is asked for its language. */
const chosen = new Map<string, string>()
const mostChosen = 1000

/** The interface language for a reader: one of those that have messages. */
export function interfaceLanguage(asked: string | undefined, header: string | undefined): string {
  const key = `${asked?.slice(0, 50) ?? ''}\n${header?.slice(0, 500) ?? ''}`
  let language = chosen.get(key)
  if (language === undefined) {
    language = chooseLanguage(asked?.slice(0, 50), header, languages)
    if (chosen.size >= mostChosen) chosen.clear()
    chosen.set(key, language)
  }
  return language
}
