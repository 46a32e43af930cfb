import { relative } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const outDir = 'dist'

/** What lies beside a source (migrations, pages, scripts of workers) goes on lying there: a module knows its place as if it were not bundled. */
const placesOfSources: Plugin = {
  name: 'places-of-sources',
  transform(code, id) {
    if (!code.includes('import.meta.')) return
    const place = JSON.stringify(relative(`${import.meta.dirname}/${outDir}`, id).replaceAll('\\', '/'))
    return code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`).replaceAll('import.meta.main', 'false')
  },
}

/**
 * `guichet` in few files instead of some 850, of which a start has to find, read and link each: a start takes half as long. Only
 * what an operator starts is bundled; tests, workers and what extends the server from outside go by the sources.
 */
export default defineConfig({
  publicDir: false,
  plugins: [placesOfSources],
  build: {
    ssr: true,
    target: 'node24',
    outDir,
    emptyOutDir: true,
    minify: false,
    rolldownOptions: { input: { guichet: 'src/guichet.js' }, output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
  },
  ssr: {
    noExternal: true,
    // Large, and of `guichet types` alone.
    external: ['json-schema-to-typescript'],
  },
})
