export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Waits for a state, and says what it waited for if that does not come. */
export async function until(what: string, holds: () => boolean, patienceMs = 60_000): Promise<void> {
  for (let left = patienceMs; !holds(); left -= 10) {
    if (left <= 0) throw new Error(`waited in vain: ${what}`)
    await sleep(10)
  }
}
