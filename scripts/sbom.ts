/** `npm run sbom`: every package that is installed, as a CycloneDX 1.6 document, made of the lockfile. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lockedPackages } from './locked-packages.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The same lockfile gives the same bytes: two documents can be compared line by line. */
export function billOfMaterials(lockfile: string, { name, version }: { name: string; version: string }) {
  const components = lockedPackages(lockfile)
    .map((one) => {
      const purl = `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`
      const [, digest = ''] = /^sha512-(.+)$/.exec(one.integrity ?? '') ?? []
      return {
        type: 'library',
        'bom-ref': purl,
        name: one.name,
        version: one.version,
        purl,
        ...(digest ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] } : {}),
      }
    })
    .sort((a, b) => (a.purl < b.purl ? -1 : 1))
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name, version } },
    components,
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(
    `${JSON.stringify(billOfMaterials(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8'), JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))), null, 2)}\n`,
  )
