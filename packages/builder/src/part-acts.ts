/** What is done with parts by buttons, keys and dragging, with one or with all that are chosen; and what is said about it. */

import type { DraftDesk, PartsPlace } from './draft-desk.ts'
import { addDocument } from './editor/add-document.ts'
import { addField } from './editor/add-field.ts'
import { addPage } from './editor/add-page.ts'
import { addPreset } from './editor/add-preset.ts'
import { topmost } from './editor/chosen-parts.ts'
import { type CopiedPart, copyParts, readCopied } from './editor/copied-part.ts'
import { duplicateField } from './editor/duplicate-field.ts'
import { duplicateParts } from './editor/duplicate-parts.ts'
import { moveParts } from './editor/move-parts.ts'
import { kindOf, nameOf, partAt } from './editor/part.ts'
import { namesMissing, pastePart } from './editor/paste-part.ts'
import { afterPage, fieldPlace, placeFor } from './editor/place-for.ts'
import { removeDocument } from './editor/remove-document.ts'
import { removeField } from './editor/remove-field.ts'
import { removePage } from './editor/remove-page.ts'
import { removeParts } from './editor/remove-parts.ts'
import { stepPart } from './editor/step-part.ts'
import { stepParts } from './editor/step-parts.ts'
import type { Act, DropEvent } from './events.ts'
import { fieldSchemas } from './known-types.ts'
import { say } from './language.ts'
import type { NamedEvent } from './name-dialog.ts'
import { typeName } from './names.ts'
import { positionOf, positionOfAll } from './part-position.ts'
import { presetOf } from './pickable.ts'
import { startSettings } from './start-settings.ts'
import type { PickedEvent } from './type-picker.ts'

const clipboard = 'guichet-builder-clipboard'

/** Done with parts that there are; the others ask something first. */
export type PartAct = Exclude<Act, 'jump' | 'insert' | 'addPage' | 'addField' | 'addDocument' | 'keepBlock' | 'detachBlock'>

/** The chosen parts that an act on one of them is about. */
export const meantBy = (part: string, chosen: readonly string[]): string[] => (chosen.includes(part) ? topmost(chosen) : topmost([part]))

export class PartActs {
  readonly #desk: DraftDesk
  #copied: CopiedPart | null = null

  constructor(desk: DraftDesk) {
    this.#desk = desk
  }

  /** "Income, 2 of 5 in Home", of what is selected or of all that is chosen. */
  #tellPosition() {
    const desk = this.#desk
    desk.tell(positionOfAll(desk.draft().definition, desk.selected(), desk.chosen()))
  }

  /** A type of field or a preset was picked. */
  add({ picked, label }: Pick<PickedEvent, 'picked' | 'label'>) {
    const { definition } = this.#desk.draft()
    const name = label || typeName(picked, fieldSchemas[picked as keyof typeof fieldSchemas]?.schema).text
    const place = fieldPlace(definition, this.#desk.selected())
    const preset = presetOf(picked)
    const edit = preset
      ? addPreset({ ...place, preset, label: name })
      : addField({ ...place, type: picked, label: name, settings: startSettings(picked, fieldSchemas, definition) })
    if (this.#desk.do(edit)) void this.#desk.focusSettings()
  }

  /** A page or a document was given a name. */
  addNamed({ what, named }: Pick<NamedEvent, 'what' | 'named'>) {
    const edit = what === 'page' ? addPage({ title: named, ...afterPage(this.#desk.selected()) }) : addDocument({ label: named })
    if (this.#desk.do(edit)) void this.#desk.focusSettings()
  }

  drop({ parts, place }: Pick<DropEvent, 'parts' | 'place'>, from: PartsPlace | null) {
    if (!this.#desk.do(moveParts({ pointers: parts, ...place }))) return
    this.#tellPosition()
    this.#desk.focusParts(from)
  }

  act(act: PartAct, part: string, from: PartsPlace | null) {
    const desk = this.#desk
    const parts = meantBy(part, desk.chosen())
    if (parts.length > 1 && this.#withAll(act, parts, from)) return
    switch (act) {
      case 'copy':
        return this.#copy(parts)
      case 'paste':
        return this.#paste(from)
      case 'remove':
        return this.#remove(part, from)
      case 'duplicate':
        if (!desk.do(duplicateField({ pointer: part, settings: fieldSchemas }))) return
        // On the canvas one goes on where one is.
        if (from === 'canvas') desk.tell(positionOf(desk.draft().definition, desk.selected()))
        else void desk.focusSettings()
        return
      default:
        if (!desk.do(stepPart({ pointer: part, step: act }))) return
        desk.tell(positionOf(desk.draft().definition, desk.selected()))
        if (from === 'outline') desk.focusParts(from)
    }
  }

  /** Something is done with several parts at once; gives false where it is the same as with one. */
  #withAll(act: PartAct, parts: readonly string[], from: PartsPlace | null): boolean {
    const desk = this.#desk
    switch (act) {
      case 'remove':
        if (desk.do(removeParts({ pointers: parts }))) {
          desk.tell(say('removed.several', { number: parts.length }))
          desk.focusParts(from)
        }
        return true
      case 'duplicate':
        if (desk.do(duplicateParts({ pointers: parts, settings: fieldSchemas }))) this.#tellPosition()
        break
      case 'up':
      case 'down':
      case 'in':
      case 'out':
        if (desk.do(stepParts({ pointers: parts, step: act }))) this.#tellPosition()
        break
      default:
        return false
    }
    if (from === 'outline') desk.focusParts(from)
    return true
  }

  #remove(part: string, from: PartsPlace | null) {
    const desk = this.#desk
    const { definition } = desk.draft()
    const remove = { page: removePage, field: removeField, document: removeDocument }[kindOf(part) ?? 'field']
    const found = partAt(definition, part)
    const name = found ? nameOf(definition, found) : ''
    if (!desk.do(remove({ pointer: part }))) return
    desk.tell(say('removed', { name }))
    // What had the keyboard is gone: on to its neighbour.
    desk.focusParts(from)
  }

  /** Copied parts lie in the browser's store, so that they can be pasted into another service, also in another tab. */
  #copy(parts: readonly string[]) {
    const desk = this.#desk
    const { definition } = desk.draft()
    const copied = copyParts(definition, parts)
    if (!copied) {
      if (parts.length > 0) desk.tell(say('refused.severalKinds'))
      return
    }
    try {
      localStorage.setItem(clipboard, JSON.stringify(copied))
    } catch {
      // A full or forbidden store: it can be pasted here all the same.
    }
    this.#copied = copied
    const [first, ...more] = copied.parts
    desk.tell(more.length > 0 || !first ? say('copied.several', { number: copied.parts.length }) : say('copied.part', { name: nameOf(definition, first) }))
  }

  #paste(from: PartsPlace | null) {
    const desk = this.#desk
    const copied = readCopied(localStorage.getItem(clipboard) ?? '') ?? this.#copied
    if (!copied) {
      desk.tell(say('refused.nothingCopied'))
      return
    }
    const { definition } = desk.draft()
    const missing = namesMissing(definition, copied, fieldSchemas)
    if (!desk.do(pastePart({ copied, ...placeFor(copied.kind, definition, desk.selected()), settings: fieldSchemas }))) return
    this.#tellPosition()
    desk.sayMissing(missing)
    if (from) desk.focusParts(from)
    else void desk.focusSettings()
  }
}
