/** Conflicts of a merge as the author reads them: where, and what each side has there. */
import { valueWords } from '@guichet/core/diff'
import type { Conflict } from '@guichet/core/merge/merge'
import type { Json } from '@guichet/schemas'
import { sentenceOfChange } from './changes.ts'
import type { Definition } from './editor/edit.ts'
import { allMessages, language, say, sayIfKnown } from './language.ts'
import { languageName } from './names.ts'

export interface ToldConflict {
  where: string
  before: string
  mine: string
  theirs: string
  /** What may be written instead of both; null where that is better done in the editor. */
  own: string | null
}

/** More changes than this are counted. */
const listed = 6

export function tellConflict({ kind, path, base, ours, theirs }: Conflict, definition: Definition): ToldConflict {
  const words = valueWords(definition, language())
  const settingName = (setting: string): string => {
    const core = allMessages()[`diff.setting.${setting}`]
    const known = sayIfKnown(`setting.${setting}`) ?? (typeof core === 'string' ? core : null)
    return known ?? ((definition.languages as readonly string[]).includes(setting) ? languageName(setting) : setting)
  }
  const steps = path.map((step) => ('name' in step ? step.name : settingName(step.setting)))
  const setting = path.findLast((step) => 'setting' in step)?.setting ?? ''
  const lists = new Intl.ListFormat(language())
  const nothing = say('merge.nothing')
  const shown = (value: Json | undefined): string => {
    const told = words.shown(setting, value)
    return told === null || told === '' ? nothing : typeof told === 'boolean' ? say(told ? 'condition.yes' : 'condition.no') : `“${String(told)}”`
  }
  const names = (value: Json | undefined): string => lists.format((Array.isArray(value) ? value : []).map((item, i) => words.nameOf(item, i)))
  const changed = (value: Json | undefined): string => {
    if (value === undefined) return say('merge.removed')
    const sentences = words.changes(path.slice(-1), base, value).map(sentenceOfChange)
    if (sentences.length === 0) return shown(value)
    return [...sentences.slice(0, listed), ...(sentences.length > listed ? [say('merge.more', { count: sentences.length - listed })] : [])].join('; ')
  }
  const tell = (value: Json | undefined): string => {
    switch (kind) {
      case 'moved':
        return value === undefined ? nothing : say('merge.in', { name: String(value) })
      case 'order':
        return names(value)
      case 'holder':
        return value === undefined ? say('merge.removed') : say('merge.kept')
      case 'removed':
        return changed(value)
      default:
        return shown(value)
    }
  }
  const extra = kind === 'moved' ? [say('merge.position')] : kind === 'order' ? [say('merge.order')] : []
  const isText =
    (kind === 'changed' || kind === 'added') &&
    typeof ours === 'string' &&
    typeof theirs === 'string' &&
    path.some((step) => 'setting' in step && step.setting in texts)
  return {
    where: [...steps, ...extra].join(' – '),
    before: kind === 'removed' || kind === 'holder' ? words.nameOf(base) : tell(base),
    mine: tell(ours),
    theirs: tell(theirs),
    own: isText ? (ours as string) : null,
  }
}

/** Settings whose words may be written anew where the conflict is shown. */
const texts: Readonly<Record<string, true>> = {
  title: true,
  summary: true,
  label: true,
  hint: true,
  intro: true,
  message: true,
  statement: true,
  purpose: true,
  legalBasis: true,
  reason: true,
  remedy: true,
  text: true,
  audience: true,
}
