/** So many things at once in all, and of one agency only a share of them, so that none of them keeps the others waiting. */
export interface Places {
  /** Gives back what frees the place again; null: there is none. Nobody waits. */
  take(agency: string): (() => void) | null
}

export function createPlaces({ all, ofOne }: { all: number; ofOne: number }): Places {
  const taken: string[] = []
  return {
    take(agency) {
      if (taken.length >= all || taken.filter((each) => each === agency).length >= ofOne) return null
      taken.push(agency)
      let held = true
      return () => {
        if (held) taken.splice(taken.indexOf(agency), 1)
        held = false
      }
    },
  }
}
