import type { Clock } from '../clock.ts'
import type { Bygone, LivedTime } from '../lived-time.ts'

/** Believes the clock in everything: time in a test is what the test says, and a server like that is what the fault is shown on. */
export const clockAlone = (clock: Clock): LivedTime => ({
  before: async (_agency, ms = 0) => bygone(new Date(clock.now().getTime() - ms).toISOString()),
  apart: () => 0,
})

export const bygone = (time: string) => time as Bygone
