/** What Continue asks for on a page that embeds a service: what checks and shows answers, and what is said then and on the screens after. */
import { strings } from 'virtual:guichet-later-strings'
import './whole-types.ts'

export const laterStrings = async (language: string) => (await (strings[language.split('-')[0] as string] ?? strings.en)()).default
