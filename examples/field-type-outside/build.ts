/** Makes one file for browsers of the type: `node build.ts <folder>` writes <folder>/licence-plate.js. */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export const buildForPages = (folder: string) =>
  build({
    configFile: false,
    root: here('.'),
    logLevel: 'warn',
    // The runtime draws the templates with the lit-html that it has.
    resolve: { alias: [{ find: /^lit-html$/, replacement: '@guichet/runtime/templates' }] },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry: here('licence-plate.embed.ts'), formats: ['es'], fileName: () => 'licence-plate.js' },
    },
  })

if (import.meta.main) await buildForPages(process.argv[2] ?? 'dist')
