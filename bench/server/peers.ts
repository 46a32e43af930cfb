/** Guichet next to what one would use instead, on the same machine and SQLite. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rowsIn, startSmall } from './floors.ts'
import { startGuichet } from './guichet.ts'
import { newFolder, type Program, removeFolder } from './place.ts'
import { bodies, submitting } from './requests.ts'
import { type Contender, compare, type Manner, type Measured } from './rounds.ts'
import { agencyId, serviceId } from './service.ts'
import { installPeers, itemBodies, itemPath, startStrapi, strapiVersion } from './strapi.ts'

export interface PeerFigures {
  manner: Manner
  measured: Record<string, Measured>
}

export async function peers(manner: Manner, tell: (line: string) => void): Promise<PeerFigures> {
  installPeers()
  const folder = newFolder('peers')
  const running: Program[] = []
  const place = (name: string) => {
    mkdirSync(join(folder, name))
    return join(folder, name)
  }
  try {
    const guichet = await startGuichet(place('guichet'))
    running.push(guichet)
    const schema = join(folder, 'schema.json')
    const response = await fetch(`${guichet.url}/v1/services/${agencyId}/${serviceId}/submission-schema.json`)
    writeFileSync(schema, await response.text())
    const written = await startSmall('./hand-written.ts', join(folder, 'hand-written.db'), schema)
    running.push(written)
    const strapi = await startStrapi(place('strapi'))
    running.push(strapi)
    const json = { 'Content-Type': 'application/json' }
    const contenders: Contender[] = [
      {
        name: 'strapi',
        title: `Strapi ${strapiVersion()}`,
        pid: strapi.pid,
        request: { port: strapi.port, method: 'POST', paths: [itemPath], headers: json, bodies: itemBodies, expect: 201 },
        kept: () => rowsIn(strapi.database, 'notices'),
      },
      {
        name: 'written',
        title: 'hand-written: Hono, Ajv, drizzle',
        pid: written.pid,
        request: { port: written.port, method: 'POST', paths: ['/applications'], headers: { ...json, 'Idempotency-Key': '{key}' }, bodies, expect: 201 },
        kept: () => rowsIn(join(folder, 'hand-written.db'), 'applications'),
      },
      {
        name: 'guichet',
        title: 'Guichet, the whole road',
        pid: guichet.pid,
        request: submitting(guichet.port),
        kept: () => rowsIn(join(folder, 'guichet/data/guichet.db'), 'submissions'),
      },
    ]
    return { manner, measured: await compare(contenders, manner, tell) }
  } finally {
    for (const program of running) await program.stop()
    removeFolder(folder)
  }
}
