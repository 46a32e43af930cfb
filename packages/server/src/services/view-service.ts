/** A published service as the runtime gets it: one language, today, and whether it is open. */
import { localise } from '@guichet/core'
import { localDate, localMoment } from '../clock.ts'
import { digestOf } from '../digest.ts'
import { chooseLanguage } from '../language.ts'
import { coreMessages, fieldMessages, readMessages, type TypeMessages } from '../messages.ts'
import { openingAt } from '../policy/window/opening.ts'
import type { WebFolders } from '../web.ts'
import type { LiveService } from './live.ts'

export function viewService(
  { agency, version, program }: LiveService,
  asked: string | undefined,
  accepts: string | undefined,
  now: Date,
  web: WebFolders,
  outside: TypeMessages = {},
) {
  const { definition } = version
  const language = chooseLanguage(asked, accepts, definition.languages)
  const { timeZone } = definition.locale
  return {
    agency: agency.id,
    service: version.service,
    version: version.version,
    digest: version.digest,
    language,
    languages: definition.languages,
    today: localDate(now, timeZone),
    open: openingAt(definition.window, localMoment(now, timeZone)),
    definition: localise(definition, language),
    messages: messagesFor(language, new Set([...program.nodes.values()].map((node) => node.field.type)), web, outside),
  }
}

/** Strings of core and the runtime, and of the field types that the service uses. The runtime brings those of its later screens. */
function messagesFor(language: string, types: ReadonlySet<string>, web: WebFolders, outside: TypeMessages) {
  const ofTypes = Object.entries(fieldMessages(language, outside)).filter(([key]) => types.has(key.split('.')[0] as string))
  return { ...coreMessages(language), ...readMessages(web.runtimeMessages, language), ...Object.fromEntries(ofTypes) }
}

/** Changes when anything a reader sees does. */
export const entityTag = (text: string) => `W/"${digestOf(text).slice('sha256-'.length, 'sha256-'.length + 22)}"`
