/** Traces to an OpenTelemetry collector: a span for a request, and one for each stage of the intake. Loaded only when there is one. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, isSpanContextValid, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { Refused } from '../problem.ts'
import type { Traces } from './telemetry.ts'

/** The context that a `traceparent` header names (https://www.w3.org/TR/trace-context/), or none. */
function contextOf(parent: string | undefined): Context {
  const [, traceId = '', spanId = '', flags = ''] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(parent ?? '') ?? []
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags || '0', 16) & 1, isRemote: true }
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT
}

/** `collector`: its base address, without a slash at the end. */
export function openTraces(collector: string): Traces {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'guichet' }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${collector}/v1/traces` }) })],
  })
  const tracer = provider.getTracer('guichet')
  const current = new AsyncLocalStorage<Context>()

  /** An error may quote what a citizen sent; its kind does not. */
  const fail = (span: Span, error: unknown) => {
    if (error instanceof Refused) span.setAttribute('guichet.refused', error.code)
    else span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', error instanceof Error ? error.name : typeof error)
  }

  return {
    async request({ method, requestId, parent }, work) {
      const around = contextOf(parent)
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'guichet.request': requestId } }, around)
      try {
        const { route, status } = await current.run(trace.setSpan(around, span), work)
        span.updateName(`${method} ${route}`).setAttributes({ 'http.route': route, 'http.response.status_code': status })
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      } catch (error) {
        fail(span, error)
        throw error
      } finally {
        span.end()
      }
    },
    async stage(name, work) {
      const around = current.getStore()
      if (!around) return work()
      const span = tracer.startSpan(name, {}, around)
      try {
        return await current.run(trace.setSpan(around, span), work)
      } catch (error) {
        fail(span, error)
        throw error
      } finally {
        span.end()
      }
    },
    close: () => provider.shutdown(),
  }
}
