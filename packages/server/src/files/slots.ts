/**
 * So many at a time; the others wait for their turn. Whoever asks on behalf of somebody (an agency) takes turns with the others
 * who do: however much one of them asks for, the next turn but a few is another's.
 */
export interface Slots {
  /** Resolves when there is room, to what gives it back; giving it back twice does no harm. */
  take(of?: string): Promise<() => void>
}

export function createSlots(count: number): Slots {
  let free = count
  /** Whose turn is next stands first; of each, in the order in which they came. */
  const waiting = new Map<string, (() => void)[]>()
  const giveBack = () => {
    const [first] = waiting
    if (!first) return void free++
    const [of, own] = first
    const next = own.shift()
    // To the end of the round, behind all others who wait.
    waiting.delete(of)
    if (own.length > 0) waiting.set(of, own)
    next?.()
  }
  return {
    async take(of = '') {
      if (free > 0) free--
      else
        await new Promise<void>((resolve) => {
          const own = waiting.get(of)
          if (own) own.push(resolve)
          else waiting.set(of, [resolve])
        })
      let held = true
      return () => {
        if (held) giveBack()
        held = false
      }
    },
  }
}
