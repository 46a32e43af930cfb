/** All cases of a service, as a stream. First party, signed in, with a purpose. */
import { type ExportFormat, exportCases } from '../cases/export/export-cases.ts'
import type { Call, Route } from './route.ts'

const types: Record<ExportFormat, string> = { csv: 'text/csv; charset=utf-8; header=present', jsonl: 'application/jsonl; charset=utf-8' }

const route = (format: ExportFormat, summary: string): Route => ({
  method: 'GET',
  path: `/v1/admin/services/{id}/export.${format}`,
  id: format === 'csv' ? 'exportCsv' : 'exportJsonLines',
  tag: 'cases',
  summary,
  access: 'user',
  permission: 'case.export',
  params: { id: 'Name of the service.' },
  query: {
    purpose: { description: 'What for, in a few words without names. It goes on the audit log.', required: true, schema: { type: 'string', maxLength: 200 } },
    ...(format === 'csv' ? { bom: { description: '1: begins with the mark by which some programs know UTF-8.', schema: { enum: ['0', '1'] } } } : {}),
  },
  answers: {
    200: { description: 'All of them, in the order in which they were received.', type: types[format].split(';')[0], schema: { type: 'string' } },
    400: { description: 'Without a purpose.' },
    401: { description: 'Nobody is signed in.' },
    403: { description: 'Not from this server’s own pages.' },
    404: { description: 'No such service was ever published.' },
  },
  async handle(call: Call) {
    const { agency } = call.actor()
    const service = call.param('id')
    const request = { service, format, purpose: call.query('purpose'), byteOrderMark: call.query('bom') === '1' }
    const stream = await exportCases(call.adapters, agency, request, call.deed(), call.reading())
    return call.c.body(stream, 200, { 'Content-Type': types[format], 'Content-Disposition': `attachment; filename="${service}.${format}"` })
  },
})

export const exportRoutes: readonly Route[] = [
  route('csv', 'All cases of a service as CSV, safe to open in a spreadsheet.'),
  route('jsonl', 'All cases of a service, one JSON object a line.'),
]
