/**
 * Builds what a foreign page loads: dist/embed.js and its siblings, and dist/assets/ whose names change with their content.
 * What the first page of nearly every service needs comes in one file; the rest on first use.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { usualTypes } from '../fields/src/usual.ts'
import { browserFields } from './build/browser-fields.ts'
import { embeddedFields } from './build/embedded-fields.ts'
import { fetchedFirst } from './build/fetched-first.ts'
import { firstAndLater } from './build/first-and-later.ts'
import { laterStrings } from './build/later-strings.ts'
import { namedAfter } from './build/named-after.ts'
import { pinned } from './build/pinned.ts'
import { plainExports } from './build/plain-exports.ts'
import { plainNamespaces } from './build/plain-namespaces.ts'
import { smallElements } from './build/small-elements.ts'
import { tightTemplates } from './build/tight-templates.ts'
import own from './package.json' with { type: 'json' }

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Core's index names all of core; what is checked on Continue comes later. */
const coreIndex = here('../core/src/index.ts')
const coreAtOnce = /rolldown\/runtime|\/packages\/core\/src\/(?!index|validate|outcome|guide-so-far|clear-part|kept-answers|theme|colour|places)[^?]*$/

/**
 * Comes with the list of the types that are not usual: those of them that many services have, and what they are drawn with.
 * A service that has some waits for one file and not for seven.
 */
const oftenMet =
  /virtual:guichet-fields\/(\*|phone|consent)$|\/runtime\/src\/(rare-fields|more-styles)\.ts$|\/fields\/src\/((phone|consent)\/\w+(\.view)?|single-choice\.view|paragraphs\.view|read-boolean)\.ts$/

let closure: Set<string> | undefined
/** A module and all that it imports at once: they belong into one file, as none is needed without the others. */
function staticallyUnder(entry: string, infoOf: (id: string) => { importedIds: string[] } | null): Set<string> {
  if (closure) return closure
  closure = new Set([entry])
  for (const id of closure) if (id !== coreIndex) for (const imported of infoOf(id)?.importedIds ?? []) closure.add(imported)
  return closure
}

export default defineConfig({
  root: here('.'),
  publicDir: false,
  // Every input event is followed by a draw of its field, so what lit wrote last is what stands there: `live` finds nothing.
  resolve: {
    alias: {
      'lit-html/directives/live.js': here('build/live.ts'),
      'lit-html/directives/ref.js': here('build/ref.ts'),
      'lit-html': here('src/draw.ts'),
      crypto: here('build/web-crypto.ts'),
    },
  },
  plugins: [
    embeddedFields(here('../fields/src'), usualTypes),
    browserFields(),
    firstAndLater(here('../fields/src'), usualTypes, here('../core/src/expression.ts')),
    laterStrings('sealed', { [here('src/sealed-strings.json')]: '' }),
    laterStrings('draft', { [here('src/draft-strings.json')]: '' }),
    laterStrings('later', {
      [here('src/later-strings.json')]: '',
      [here('../core/src/core.messages.json')]: '',
      [here('../fields/src/file/file.messages.json')]: 'file.',
      ...Object.fromEntries([...usualTypes].map((type) => [here(`../fields/src/${type}/${type}.messages.json`), `${type}.`])),
    }),
    tightTemplates(),
    plainNamespaces(),
    plainExports(),
    fetchedFirst(),
    namedAfter([here('build/fetched-first.ts'), here('build/plain-namespaces.ts'), here('build/plain-exports.ts')]),
    smallElements(here('.'), { status: here('src/status.ts'), catalog: here('src/catalog.ts') }),
    pinned(here('dist'), own.version, here('src/pin.ts')),
  ],
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
    // As a library: the page around is not ours, and nothing is put into its head, not even a preload.
    lib: { entry: { embed: here('src/embed.ts'), guide: here('src/guide.ts') }, formats: ['es'] },
    rolldownOptions: {
      output: {
        minify: true,
        // Most of it is called before the first page stands there. Chromium then compiles it beside the main thread, and once: else each
        // function is read through first, and compiled where it is called.
        postBanner: ({ name }) => (name === 'runtime' ? '//# allFunctionsCalledOnLoad' : ''),
        entryFileNames: '[name].js',
        chunkFileNames: 'assets/[hash:7].js',
        codeSplitting: {
          groups: [
            // Asked for by the check and by rows; with the runtime every first page would carry it.
            { priority: 3, name: 'named-rows', test: /\/core\/src\/named-rows\.ts$/ },
            {
              priority: 2,
              debugName: 'runtime',
              name: (id, context) =>
                coreAtOnce.test(id) || staticallyUnder(here('src/register.ts'), (id) => context.getModuleInfo(id)).has(id) ? 'runtime' : null,
            },
            { priority: 1, name: 'often', test: oftenMet },
          ],
        },
      },
    },
  },
})
