/** So many at a time; the others wait for their turn, in the order in which they came. */
export interface Slots {
  /** Resolves when there is room, to what gives it back; giving it back twice does no harm. */
  take(): Promise<() => void>
}

export function createSlots(count: number): Slots {
  let free = count
  const waiting: (() => void)[] = []
  const slot = () => {
    let held = true
    return () => {
      if (!held) return
      held = false
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
  return {
    async take() {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
      return slot()
    },
  }
}
