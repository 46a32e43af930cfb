/** The other end of lint-thread.ts. */
import type { Definition } from './editor/edit.ts'
import { type Patch, patched } from './editor/patch.ts'
import { learnTypes } from './known-types.ts'
import { findingsOf } from './lint-now.ts'

const learned = learnTypes()
let definition: unknown = null
addEventListener('message', async ({ data }: MessageEvent<{ number: number; patch: Patch }>) => {
  const now = (definition = patched(definition, data.patch))
  await learned
  postMessage({ number: data.number, findings: findingsOf(now as Definition) })
})
