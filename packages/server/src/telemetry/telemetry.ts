/** What the app tells of itself. Both do nothing unless they are asked for; neither ever gets what citizens send. */
import { channel } from 'node:diagnostics_channel'

export interface Metrics {
  /** `route` is the pattern of an address, so that there are no more of them than routes. */
  answered(request: { method: string; route: string; status: number; seconds: number }): void
  /** A submission is on disk. */
  recorded(agency: string, service: string): void
  /** In the format that Prometheus reads. */
  expose(): Promise<{ type: string; text: string }>
}

export interface Traced {
  route: string
  status: number
}

export interface Traces {
  /** Runs a request within a span of its own; `parent` is a `traceparent` header (W3C) that can be trusted, if there is one. */
  request(about: { method: string; requestId: string; parent: string | undefined }, work: () => Promise<Traced>): Promise<void>
  /** Runs a part of a request. Its errors are told by their kind alone. */
  stage<Result>(name: string, work: () => Result | Promise<Result>): Result | Promise<Result>
  /** Sends what has not been sent. */
  close(): Promise<void>
}

export const noMetrics: Metrics = { answered() {}, recorded() {}, expose: async () => ({ type: 'text/plain', text: '' }) }

export const noTraces: Traces = {
  async request(_about, work) {
    await work()
  },
  stage: (_name, work) => work(),
  async close() {},
}

/** Told by the stores: so many changes were committed together. */
export const commitsTogether = channel('guichet:commit')
