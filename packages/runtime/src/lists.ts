/** Lists that stay on the server: their fields ask for options by it, page by page. Loaded with services that have such fields. */
import { read } from './transport.ts'
import type { Visit } from './visit.ts'

export function useLists({ transport, uploader, view, words }: Visit) {
  const { address } = transport
  // A preview has the tables themselves.
  if (!address) return
  uploader.options = (path, asked) => {
    const question: [string, string][] =
      'value' in asked
        ? [['value', asked.value]]
        : [
            ['q', asked.query],
            ['from', String(asked.from)],
          ]
    return read(fetch(`${address}versions/${view.version}/options/${path}?${new URLSearchParams([['lang', words.language], ...question])}`))
  }
}
