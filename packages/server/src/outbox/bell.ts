import type { AgencyId } from '../store/store.ts'

/** Rung after a commit that put something into the outbox, so that nobody in this process has to wait for the next look. */
export interface Bell {
  ring(agency: AgencyId): void
  /** Gives what ends it. */
  onRing(listener: (agency: AgencyId) => void): () => void
}

export function createBell(): Bell {
  const listeners = new Set<(agency: AgencyId) => void>()
  return {
    ring(agency) {
      for (const listener of listeners) listener(agency)
    },
    onRing(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
