import { defineConfig } from 'vitest/config'

/** Tests that drive a real Chromium against real servers; one file at a time, as the machine may have few cores. */
export default defineConfig({
  test: {
    include: ['tests/**/*.browser.test.ts', 'packages/**/*.browser.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // States are waited for: the second that is usual is too short for a machine that does other things as well.
    expect: { poll: { timeout: 15_000 } },
  },
})
