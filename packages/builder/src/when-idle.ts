/** Runs something when nothing else is to be done, at the latest after three seconds. */
export function whenIdle(run: () => void): void {
  const wait: typeof requestIdleCallback | undefined = globalThis.requestIdleCallback
  if (wait) wait(run, { timeout: 3000 })
  else setTimeout(run, 50)
}
