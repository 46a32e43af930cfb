/** What travels up from the panels to the editor. State comes down as properties. */
import type { Edit } from './editor/edit.ts'
import type { Place } from './editor/move-parts.ts'

/** An edit is to be made. */
export class EditEvent extends Event {
  static readonly type = 'builder-edit'
  readonly edit: Edit
  constructor(edit: Edit) {
    super(EditEvent.type, { bubbles: true, composed: true })
    this.edit = edit
  }
}

/** A part is to be shown in the settings panel; `focus`: and the keyboard goes there. */
export class SelectEvent extends Event {
  static readonly type = 'builder-select'
  readonly part: string
  readonly focus: boolean
  /** All that is chosen from now on. */
  readonly chosen: readonly string[]
  constructor(part: string, focus = false, chosen: readonly string[] = [part]) {
    super(SelectEvent.type, { bubbles: true, composed: true })
    this.part = part
    this.focus = focus
    this.chosen = chosen
  }
}

/** Parts were dragged to a place. */
export class DropEvent extends Event {
  static readonly type = 'builder-drop'
  readonly parts: readonly string[]
  readonly place: Place
  constructor(parts: readonly string[], place: Place) {
    super(DropEvent.type, { bubbles: true, composed: true })
    this.parts = parts
    this.place = place
  }
}

export type Act =
  | 'jump'
  | 'insert'
  | 'addPage'
  | 'addField'
  | 'addDocument'
  | 'remove'
  | 'duplicate'
  | 'copy'
  | 'paste'
  | 'up'
  | 'down'
  | 'in'
  | 'out'
  | 'keepBlock'
  | 'detachBlock'

/** Something is to be done with a part that needs a question first, or the focus moved afterwards. */
export class ActEvent extends Event {
  static readonly type = 'builder-act'
  readonly act: Act
  readonly part: string
  constructor(act: Act, part: string) {
    super(ActEvent.type, { bubbles: true, composed: true })
    this.act = act
    this.part = part
  }
}

/** A setting got another value; `path` is a JSON pointer from what the form shows. */
export class SettingEvent extends Event {
  static readonly type = 'builder-setting'
  readonly path: string
  readonly value: unknown
  constructor(path: string, value: unknown) {
    super(SettingEvent.type, { bubbles: true })
    this.path = path
    this.value = value
  }
}

declare global {
  interface HTMLElementEventMap {
    'builder-edit': EditEvent
    'builder-select': SelectEvent
    'builder-act': ActEvent
    'builder-drop': DropEvent
    'builder-setting': SettingEvent
  }
}

/** The policy is to be another. */
export class PolicyEvent extends Event {
  static readonly type = 'builder-policy'
  readonly path: string
  readonly value: unknown
  constructor(path: string, value: unknown) {
    super(PolicyEvent.type, { bubbles: true, composed: true })
    this.path = path
    this.value = value
  }
}
