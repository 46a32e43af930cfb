/** Builds what authors load: few files, each of what is needed at the same time. */
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Name all of a package; what is used of it follows from those that use it. */
const isIndex = /\/packages\/\w+\/src\/index\.ts$/
/** What the index of core is asked for on every screen. */
const saying = /\/core\/src\/(text|without-intl|lint-text)\.ts$/

/** What the editor uses of core and the runtime by their indexes. */
const unseen = /\/core\/src\/(?!lint|merge|paths|diff|submission-schema|index)[^?]*$|\/runtime\/src\/(index|service-element|page-screen|redraw-page)\.ts$/

const closures = new Map<string, Set<string>>()
/** A module and all that it imports at once: none of it is needed without the others. */
function staticallyUnder(entry: string, infoOf: (id: string) => { importedIds: string[] } | null): Set<string> {
  const known = closures.get(entry)
  if (known) return known
  const closure = new Set([here(entry)])
  for (const id of closure) if (!isIndex.test(id)) for (const imported of infoOf(id)?.importedIds ?? []) closure.add(imported)
  closures.set(entry, closure)
  return closure
}

/** What the runtime and fields have in the place of lit-html where citizens load them; the canvas draws with the same, in less time. */
const citizensTemplates: Readonly<Record<string, string>> = {
  'lit-html': here('../runtime/src/draw.ts'),
  'lit-html/directives/live.js': here('../runtime/build/live.ts'),
  'lit-html/directives/ref.js': here('../runtime/build/ref.ts'),
}
const drawnAsForCitizens: Plugin = {
  name: 'drawn-as-for-citizens',
  enforce: 'pre',
  resolveId: (source, importer) => (importer && /\/packages\/(runtime|fields)\//.test(importer) ? citizensTemplates[source] : undefined),
}

/** Most of what is fetched for the editor is called before it stands there: Chromium compiles it beside the main thread, and once. */
const compiledBeside: Plugin = {
  name: 'compiled-beside',
  generateBundle: {
    // After Vite, as it is read at the top of a file alone.
    order: 'post',
    handler(_, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk' && ['app', 'editor'].includes(file.name)) file.code = `//# allFunctionsCalledOnLoad\n${file.code}`
    },
  },
}

export default defineConfig({
  plugins: [drawnAsForCitizens, compiledBeside],
  base: '/builder/',
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    // The strict Content Security Policy takes no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One file for the editor and one for what it shares with the other screens: what counts is that they are few.
    chunkSizeWarningLimit: 1100,
    rolldownOptions: {
      // The runtime loads a view when a service has its type; here all of them are there.
      checks: { ineffectiveDynamicImport: false },
      output: {
        codeSplitting: {
          groups: [
            {
              priority: 3,
              debugName: 'app',
              name: (id, context) => (saying.test(id) || staticallyUnder('src/builder-app.ts', (one) => context.getModuleInfo(one)).has(id) ? 'app' : null),
            },
            {
              priority: 2,
              debugName: 'editor',
              name: (id, context) =>
                unseen.test(id) || staticallyUnder('src/editor-screen.ts', (one) => context.getModuleInfo(one)).has(id) ? 'editor' : null,
            },
            // What draws groups and lists: a service has several.
            { priority: 1, name: 'groups', test: /\/runtime\/src\/(rows|group|table-rows|row-names)\.ts$/ },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: Object.fromEntries(['/v1', '/types'].map((path) => [path, process.env.GUICHET_SERVER ?? 'http://127.0.0.1:8080'])) },
})
