/** `/metrics` on a port of its own, so that no proxy can let it out by accident. */
import { createServer, type Server } from 'node:http'
import type { Metrics } from './telemetry.ts'

export const metricsServer = (metrics: Metrics): Server =>
  createServer({ headersTimeout: 5000, requestTimeout: 5000 }, (request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    metrics.expose().then(
      ({ type, text }) => response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text),
      () => response.writeHead(500).end(),
    )
  })
