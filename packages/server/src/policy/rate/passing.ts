/** What is known by name and passes by itself. */
export interface Passing {
  /** From then on it is as if nothing were known. */
  until: number
}

export interface PassingByName<Value extends Passing> {
  /** What is known by that name; else `make`, which is kept from now on. */
  use(name: string, now: number, make: () => Value): Value
  /** How many are kept, those that have passed and are still to be forgotten among them. */
  readonly size: number
}

/** Looked at with each use. More than one, so that there are never many more than have not passed. */
const looks = 2
const leastOfGeneration = 1000

/**
 * Two generations. Who is used moves to the younger one, and of the older one a few are looked at with each use: what has not passed
 * moves as well. When all have been looked at, what is left of the older one is dropped as a whole, and the younger one is the
 * older. A flood of names that do not pass fills the younger one: then nothing moves for a generation but what is used, so that about
 * twice `most` are kept, and the longest unused go. (One map from which the first is taken out each time would do it exactly, and be
 * searched for its first over all that was taken out before: a tenth of a millisecond, at a hundred thousand.)
 */
export function passingByName<Value extends Passing>(most: number): PassingByName<Value> {
  let younger = new Map<string, Value>()
  let older = new Map<string, Value>()
  let left = older.entries()
  let flooded = false
  const turn = (full: boolean) => {
    older = younger
    younger = new Map()
    left = older.entries()
    flooded = full
  }
  return {
    use(name, now, make) {
      for (let i = 0; i < looks; i++) {
        const { done, value } = left.next()
        if (done) {
          if (younger.size >= leastOfGeneration) turn(false)
          break
        }
        const [other, held] = value
        if (!flooded && held.until > now && !younger.has(other)) younger.set(other, held)
      }
      if (younger.size >= most) turn(true)
      const known = younger.get(name)
      if (known) return known
      const used = older.get(name) ?? make()
      younger.set(name, used)
      return used
    },
    get size() {
      return younger.size + older.size
    },
  }
}
