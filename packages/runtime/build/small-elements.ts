/**
 * Builds elements that stand alone, after the others and into the same folder: one file each, and what they share. They are
 * another bundle, because in the first one all that they need lies in the large file that draws services.
 */
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'
import { fetchedFirst } from './fetched-first.ts'
import { namedAfter } from './named-after.ts'
import { tightTemplates } from './tight-templates.ts'

/** `entries`: name of the file to the module it is made of. */
export function smallElements(root: string, entries: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'guichet-small-elements',
    buildStart() {
      // Watched as well, although no module of this bundle imports them.
      for (const path of Object.values(entries)) {
        this.addWatchFile(path)
        this.addWatchFile(path.replace(/\.ts$/, '-element.ts'))
      }
    },
    async closeBundle() {
      await build({
        configFile: false,
        root,
        publicDir: false,
        logLevel: 'warn',
        plugins: [tightTemplates(), fetchedFirst({ entries: true }), namedAfter([fileURLToPath(new URL('./fetched-first.ts', import.meta.url))])],
        build: {
          outDir: 'dist',
          emptyOutDir: false,
          target: 'es2022',
          reportCompressedSize: false,
          lib: { entry: { ...entries }, formats: ['es'] },
          rolldownOptions: { output: { minify: true, entryFileNames: '[name].js', chunkFileNames: 'assets/[hash].js' } },
        },
      })
    },
  }
}
