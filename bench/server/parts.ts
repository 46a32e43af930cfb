/** The parts of the bench, each with how long it takes in full and in short. */
import { type FloorFigures, floorsOnPostgres, floorsOnSqlite } from './floors.ts'
import { type GrowthFigures, growth } from './growth.ts'
import { type PeerFigures, peers } from './peers.ts'
import type { Manner } from './rounds.ts'
import { type SoakFigures, soak } from './soak.ts'
import { type StartFigures, starts } from './start.ts'
import { type TrustFigures, trust } from './trust.ts'
import { type UploadFigures, uploads } from './uploads.ts'

export type Tell = (line: string) => void
type Part<Figures> = (short: boolean, tell: Tell, rows: number, stores?: string) => Promise<Figures>

/** As many clients as the figures are given for. */
const connections = 64
const manner = (short: boolean): Manner =>
  short ? { rounds: 2, seconds: 3, warmSeconds: 1, connections } : { rounds: 5, seconds: 20, warmSeconds: 3, connections }

export const parts = {
  floors: ((short, tell) => floorsOnSqlite({ manner: manner(short), halfSeconds: short ? 5 : 60 }, tell)) satisfies Part<FloorFigures>,
  postgres: ((short, tell) => floorsOnPostgres({ manner: manner(short), halfSeconds: short ? 5 : 60 }, tell)) satisfies Part<FloorFigures>,
  peers: ((short, tell) => peers(manner(short), tell)) satisfies Part<PeerFigures>,
  growth: ((short, tell, rows, stores) =>
    growth(
      short
        ? { few: 1000, many: 20_000, rounds: 2, seconds: 4, exportRows: 20_000 }
        : { few: 10_000, many: rows, rounds: 7, seconds: 20, exportRows: Math.min(rows, 1_000_000), stores },
      tell,
    )) satisfies Part<GrowthFigures>,
  soak: ((short, tell) => soak(short ? 0.5 : 30, tell)) satisfies Part<SoakFigures>,
  uploads: ((short, tell) => uploads(short ? 0.25 : 10, tell)) satisfies Part<UploadFigures>,
  trust: ((short, tell) => trust(short ? 2 : 12, short ? 128 : 512, tell)) satisfies Part<TrustFigures>,
  start: ((short, tell) => starts(short ? 3 : 10, tell)) satisfies Part<StartFigures>,
}
