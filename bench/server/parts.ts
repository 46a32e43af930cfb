/** The parts of the bench, each with how long it takes in full and in short. */
import { type FloorFigures, floorsOnPostgres, floorsOnSqlite } from './floors.ts'
import { type PeerFigures, peers } from './peers.ts'
import type { Manner } from './rounds.ts'
import { type StartFigures, starts } from './start.ts'

export type Tell = (line: string) => void
type Part<Figures> = (short: boolean, tell: Tell) => Promise<Figures>

/** As many clients as the figures are given for. */
const connections = 64
const manner = (short: boolean): Manner =>
  short ? { rounds: 2, seconds: 3, warmSeconds: 1, connections } : { rounds: 5, seconds: 20, warmSeconds: 3, connections }

export const parts = {
  floors: ((short, tell) => floorsOnSqlite({ manner: manner(short), halfSeconds: short ? 5 : 60 }, tell)) satisfies Part<FloorFigures>,
  postgres: ((short, tell) => floorsOnPostgres({ manner: manner(short), halfSeconds: short ? 5 : 60 }, tell)) satisfies Part<FloorFigures>,
  peers: ((short, tell) => peers(manner(short), tell)) satisfies Part<PeerFigures>,
  start: ((short, tell) => starts(short ? 3 : 10, tell)) satisfies Part<StartFigures>,
}
