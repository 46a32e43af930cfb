/** T29 (and what is decided on the server of T30): files that are something else than they say, sent as citizens send them. */

import { createInspector } from '../../src/files/inspector.ts'
import { honestFiles, lyingFiles } from '../../src/testing/hostile-files.ts'
import { createWorld, definitionOf, plainPolicy } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

export const lyingFilesLine: Line = {
  attack: 'T29',
  name: 'lying-files',
  what: 'two files in one, pages, drawings, XML, programs and macros under the names of documents, endings that are hidden',
  reach: 'nothing taken that is not on the list, honest files taken; whatever is handed out is saved and never shown',
  async run() {
    const world = await createWorld({}, { inspect: createInspector() })
    const types: ['pdf', ...('jpg' | 'png' | 'docx' | 'odt' | 'csv' | 'txt')[]] = ['pdf', 'jpg', 'png', 'docx', 'odt', 'csv', 'txt']
    await world.offer(
      definitionOf((definition) => Object.assign(definition.documents?.[0] ?? {}, { accept: types, maxBytes: 5_000_000 })),
      { rules: { ...plainPolicy.rules, uploads: { types, maxBytes: 5_000_000, maxFiles: 5 }, rate: { uploadsPerHour: 1_000_000 } } },
    )
    let client = 0
    const send = ({ name, declared, bytes }: ReturnType<typeof lyingFiles>[number]) =>
      world.request(`/v1/services/city/library-card/attachments?target=student_id&name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { 'Content-Type': declared },
        body: bytes,
        client: `2001:db8:${(++client).toString(16)}::1`,
      })
    const files = lyingFiles()
    const statuses: Record<number, number> = {}
    let taken = ''
    for (const file of files) {
      const { status } = await send(file)
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status < 400 || status >= 500) taken += ` (${file.what}: ${file.name} ${status})`
    }
    let lost = ''
    for (const file of honestFiles()) if ((await send(file)).status !== 201) lost += ` (${file.what})`
    const errors = world.log.filter((line) => JSON.parse(line).level >= 50).length
    await world.close()
    // The control: by their name and what they are declared as, most of them could be taken.
    const plausible = files.filter(({ name, declared }) => /\.(pdf|png|txt|csv|docx)$/.test(name) && /pdf|png|plain|csv|wordprocessing/.test(declared)).length
    return {
      trials: files.length + honestFiles().length,
      figure: `${taken ? `taken${taken}` : 'none taken'} (${Object.entries(statuses)
        .map(([status, times]) => `${times} times ${status}`)
        .join(', ')}), ${lost ? `honest ones refused${lost}` : 'all honest ones taken'}, ${errors} errors in the log`,
      good: taken === '' && lost === '' && errors === 0,
      control: { what: `by name and declaration ${plausible} of them are documents`, noticed: plausible > files.length / 3 },
    }
  },
}
