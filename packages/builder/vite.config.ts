import { defineConfig } from 'vite'

export default defineConfig({
  base: '/builder/',
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    // The strict Content Security Policy takes no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: { proxy: { '/v1': process.env.GUICHET_SERVER ?? 'http://127.0.0.1:8080' } },
})
