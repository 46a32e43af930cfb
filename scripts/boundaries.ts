/**
 * Checks that imports go one way: schemas <- core <- fields <- runtime <- staff <- builder, desk, and core, fields' meanings <- server;
 * schemas <- sealing <- runtime, builder, desk, server.
 * Core, besides, knows no platform. See docs/architecture.md, "The rooms".
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Package to the packages of ours that it may import. */
const allowed: Record<string, string[]> = {
  core: ['@guichet/schemas'],
  receipts: ['@guichet/schemas'],
  fields: ['@guichet/schemas', '@guichet/core'],
  sealing: ['@guichet/schemas'],
  runtime: ['@guichet/schemas', '@guichet/core', '@guichet/fields', '@guichet/sealing'],
  staff: ['@guichet/schemas', '@guichet/core'],
  builder: ['@guichet/schemas', '@guichet/core', '@guichet/fields', '@guichet/sealing', '@guichet/runtime', '@guichet/staff'],
  desk: ['@guichet/schemas', '@guichet/core', '@guichet/fields', '@guichet/sealing', '@guichet/runtime', '@guichet/staff'],
  server: ['@guichet/schemas', '@guichet/core', '@guichet/fields', '@guichet/receipts', '@guichet/sealing'],
}
const platformFree = new Set(['core', 'receipts'])

const faults: string[] = []
for (const [name, may] of Object.entries(allowed)) {
  const folder = join(root, 'packages', name, 'src')
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(ts|mts|js|mjs)$/.test(file)) continue
    const path = join(folder, file)
    const where = relative(root, path)
    const isTest = /\.(test|test-helper)\.ts$|-suite\.ts$/.test(file)
    for (const [, fixed, late] of readFileSync(path, 'utf8').matchAll(
      /^\s*(?:import|export)\b(?:[^'";=]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
    )) {
      const specifier = fixed ?? late ?? ''
      const own = /^@guichet\/[^/]+/.exec(specifier)?.[0]
      if (own && own !== `@guichet/${name}` && !may.includes(own))
        faults.push(`${where}: packages/${name} must not import ${own}; it may import ${may.join(', ')}`)
      if (own === `@guichet/${name}`) faults.push(`${where}: inside a package import the file, not ${own}`)
      if (specifier.startsWith('.')) {
        const target = relative(root, join(dirname(path), specifier))
        if (!target.startsWith(`packages/${name}/`) && !isTest) faults.push(`${where}: ${specifier} leaves the package; import the other package by its name`)
      }
      if (name === 'server' && !isTest && /\.view(\.ts)?$|field-views/.test(specifier)) faults.push(`${where}: the server never imports a view`)
      if (platformFree.has(name) && !isTest && !specifier.startsWith('.') && !own)
        faults.push(`${where}: ${name} runs everywhere and imports no library or Node module, but for ${may.join(', ')}`)
    }
  }
}
for (const fault of faults) console.error(fault)
process.exit(faults.length > 0 ? 1 : 0)
