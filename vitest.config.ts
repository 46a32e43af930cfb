import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { 'fast-check': fileURLToPath(new URL('./tests/fast-check.ts', import.meta.url)) } },
  test: {
    include: ['packages/**/*.test.ts', 'schemas/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/**/*.test.ts', 'bench/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.browser.test.ts'],
    // Vitest leaves a core free, which of two is half the machine, and many tests wait for a database or a process.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Nothing here measures time: a slow or busy machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
