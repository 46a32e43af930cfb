/** One draft: what of it is on the server, saving it again, and what happens when that does not work. No DOM. */
import { type DraftBox, draftBox } from './draft-box.ts'
import { newCode } from './draft-code.ts'
import { type DraftContent, draftContent } from './draft-content.ts'
import { draftRequests, type Found } from './draft-requests.ts'
import { line, mayComeThrough } from './line.ts'
import { sameBytes } from './same-bytes.ts'
import { type Sealed, TooLong } from './sealed-text.ts'
import { Refused, sentenceOf } from './transport.ts'
import type { Visit } from './visit.ts'

export type DraftState =
  | { name: 'saving' }
  | { name: 'saved'; until: string; mail?: boolean | undefined }
  /** No answer: it is tried again by itself. */
  | { name: 'waiting' }
  | { name: 'refused'; sentence: string | null }
  /** Saved from somewhere else meanwhile. */
  | { name: 'conflict'; theirs: Found }

export interface DraftKeeper {
  /** Null: nothing has been saved or opened. */
  readonly box: DraftBox | null
  readonly state: DraftState
  /** Begins a draft under a new code, and saves. */
  begin(): Promise<void>
  /** Saves what has changed, if there is a draft. */
  save(): Promise<void>
  /** Null if nothing was saved under the code. @throws if that cannot be told now */
  find(code: string): Promise<{ content: DraftContent; take(): void } | null>
  /** After a conflict: what is here is written over what is there. */
  replace(): Promise<void>
  /** After a conflict: what is there. */
  theirs(): Promise<{ content: DraftContent; take(): void } | null>
  /** Saves again what has not changed, which renews its time. @throws if that did not come through */
  renew(): Promise<void>
  /** Tells again if nothing would be lost. */
  rest(): void
  /** It was sent: there is no draft any more. */
  end(): Promise<void>
}

/** `draw` is called whenever the state has changed, `safe` when all that is typed is saved. */
export function draftKeeper(visitNow: () => Visit, draw: () => void, safe: () => void): DraftKeeper {
  let box: DraftBox | null = null
  let revision: number | null = null
  let state: DraftState = { name: 'saving' }
  /** What the server has, as text. */
  let savedText = ''
  /** Boxes that were sent and not answered: one of them may have arrived. */
  let unanswered: { sealed: Sealed; text: string }[] = []
  let busy: Promise<void> | null = null
  /** Counts the drafts of this keeper, so that what was begun for one does not touch the next. */
  let turn = 0

  const { address = '' } = visitNow().transport
  const requests = draftRequests(address)
  const boxOf = (code: string) => {
    const { view } = visitNow()
    return draftBox(code, `${view.agency}/${view.service}`)
  }
  const become = (next: DraftState) => {
    state = next
    draw()
  }
  const textNow = () => {
    const visit = visitNow()
    return JSON.stringify(draftContent(visit, visit.step()))
  }
  const attachmentsOf = (text: string) => (JSON.parse(text) as DraftContent).files.map(({ id }) => id)

  const rest = () => {
    if (textNow() === savedText) safe()
  }
  const take = (found: Found, text: string) => {
    revision = found.revision
    savedText = text
    unanswered = []
    rest()
    become({ name: 'saved', until: found.expiresAt })
  }

  /** One try. Null: it must be tried once more, now. */
  const attempt = async (held: DraftBox): Promise<DraftState | null> => {
    const text = textNow()
    const mine = { sealed: await held.seal(text), text }
    try {
      unanswered.push(mine)
      const kept = await requests.put(held.id, revision, { version: visitNow().view.version, content: mine.sealed, attachments: attachmentsOf(text) })
      revision = kept.revision
      savedText = text
      unanswered = []
      return { name: 'saved', until: kept.expiresAt, mail: kept.mail }
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.status !== 412) {
        if (mayComeThrough(error)) return { name: 'waiting' }
        unanswered = unanswered.filter((each) => each !== mine)
        return { name: 'refused', sentence: sentenceOf(error as Refused) }
      }
    }
    // Not what was opened: by another hand, by an earlier try of ours whose answer was lost, or because its time is over.
    const found = await requests.get(held)
    if (!found) {
      revision = null
      return null
    }
    const ours = unanswered.find(({ sealed }) => sameBytes(sealed, found.content))
    if (!ours) return { name: 'conflict', theirs: found }
    revision = found.revision
    savedText = ours.text
    unanswered = []
    return textNow() === savedText ? { name: 'saved', until: found.expiresAt } : null
  }

  const saveNow = async (held: DraftBox, mine: number) => {
    become({ name: 'saving' })
    for (let tries = 0; mine === turn; tries++) {
      let next: DraftState | null
      try {
        next = await attempt(held)
      } catch (error) {
        next = error instanceof TooLong ? { name: 'refused', sentence: null } : { name: 'waiting' }
      }
      if (mine !== turn) return
      if (next?.name === 'waiting') {
        become(next)
        await line(tries)
        if (!visitNow().now()) return
      } else if (next) {
        rest()
        return become(next)
      }
    }
  }

  const save = async () => {
    if (!box || state.name === 'conflict') return
    // What is under way takes along what it finds when it tries again; what came after its last try is saved after it.
    while (busy) await busy
    if (!box || textNow() === savedText) return
    busy = saveNow(box, turn)
    try {
      await busy
    } finally {
      busy = null
    }
  }

  const opened = async (held: DraftBox, found: Found) => {
    const text = (await held.open(found.content)).trimEnd()
    return {
      content: JSON.parse(text) as DraftContent,
      take() {
        turn++
        busy = null
        box = held
        take(found, text)
      },
    }
  }

  return {
    get box() {
      return box
    },
    get state() {
      return state
    },
    async begin() {
      turn++
      busy = null
      revision = null
      savedText = ''
      unanswered = []
      box = await boxOf(newCode())
      state = { name: 'saving' }
      await save()
    },
    save,
    async renew() {
      savedText = ''
      await save()
      if (state.name !== 'saved') throw new Error(state.name)
    },
    rest,
    async find(code) {
      const held = await boxOf(code)
      const found = await requests.get(held)
      return found && opened(held, found)
    },
    async replace() {
      if (state.name !== 'conflict') return
      revision = state.theirs.revision
      savedText = ''
      state = { name: 'saving' }
      await save()
    },
    theirs: async () => (box && state.name === 'conflict' ? opened(box, state.theirs) : null),
    async end() {
      const held = box
      turn++
      box = null
      if (held) await removeDraft(address, held.id)
    },
  }
}

/** What was sent need not be kept. What cannot be deleted now ends with its time. */
export async function removeDraft(address: string, id: string) {
  for (let tries = 0; tries < 6; tries++) {
    try {
      return await draftRequests(address).remove(id)
    } catch {
      await line(tries)
    }
  }
}
