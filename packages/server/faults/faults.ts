/** Every fault there is, in the order of the battery. A new one is a file beside this and a line here. */
import { clockJumps } from './clock-jumps.ts'
import { diskFull } from './disk-full.ts'
import { doubleSubmit, doubleSubmitToReplicas } from './double-submit.ts'
import { eio } from './eio.ts'
import { kill } from './kill.ts'
import { officersRacing } from './officers-racing.ts'
import type { Outcome } from './outcome.ts'
import { postgresKill } from './postgres-kill.ts'
import { powerCut } from './power-cut.ts'
import { replicaKill } from './replica-kill.ts'
import { restoreDrill } from './restore-drill.ts'
import { rollingRestart } from './rolling-restart.ts'
import { slowClients } from './slow-clients.ts'
import { stop } from './stop.ts'
import { faketimeIsThere, mayMount, ownPostgresIsThere, straceIsThere } from './tools.ts'
import { uploadKill } from './upload-kill.ts'

/** How often each is tried. */
export interface Counts {
  kills: number
  /** Acknowledged over all kills, at least. */
  acks: number
  cuts: number
  postgresKills: number
  restarts: number
  restores: number
}

/** For `npm run faults`, for a release (`--full`), and what `npm test` has time for (`--quick`). */
export const counts: Record<'usual' | 'full' | 'quick', Counts> = {
  usual: { kills: 10, acks: 1000, cuts: 250, postgresKills: 10, restarts: 6, restores: 20 },
  full: { kills: 200, acks: 50_000, cuts: 500, postgresKills: 50, restarts: 20, restores: 20 },
  quick: { kills: 2, acks: 100, cuts: 20, postgresKills: 2, restarts: 2, restores: 2 },
}

interface Fault {
  name: string
  /** Whether it can run here; says so if not. */
  possible?: (fault: string) => boolean
  /** Left out of `--quick`: `npm test` has this shorter test of it. */
  shorter?: string
  run(counts: Counts, quick: boolean): Promise<Outcome>
}

export const faults: readonly Fault[] = [
  { name: 'kill', run: ({ kills, acks }) => kill(kills, acks) },
  { name: 'upload-kill', run: ({ kills }) => uploadKill(kills) },
  { name: 'power-cut', possible: straceIsThere, run: ({ cuts }, quick) => powerCut(cuts, { quick }) },
  { name: 'postgres-kill', possible: ownPostgresIsThere, run: ({ postgresKills }) => postgresKill(postgresKills) },
  { name: 'replica-kill', possible: ownPostgresIsThere, run: (_, quick) => replicaKill({ quick }) },
  { name: 'disk-full', possible: mayMount, run: diskFull },
  { name: 'disk-fails', possible: straceIsThere, run: (_, quick) => eio({ quick }) },
  { name: 'clock-jumps', possible: faketimeIsThere, run: (_, quick) => clockJumps({ quick }) },
  { name: 'rolling-restart', possible: ownPostgresIsThere, run: ({ restarts }, quick) => rollingRestart(restarts, quick ? 2 : 4) },
  { name: 'restore', shorter: 'src/backup/backup.test.ts', run: ({ restores }) => restoreDrill(restores) },
  { name: 'stop', run: stop },
  { name: 'double-submit', run: doubleSubmit },
  { name: 'double-submit-replicas', possible: ownPostgresIsThere, run: doubleSubmitToReplicas },
  { name: 'slow-clients', shorter: 'src/http-server.test.ts', run: () => slowClients() },
  { name: 'officers-racing', run: (_, quick) => officersRacing(quick ? 50 : 1000) },
]
