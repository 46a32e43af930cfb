/** The other end of lint-thread.ts. */
import type { Definition } from './editor/edit.ts'
import { type Patch, patched } from './editor/patch.ts'
import { findingsOf } from './lint-now.ts'

let definition: unknown = null
addEventListener('message', ({ data }: MessageEvent<{ number: number; patch: Patch }>) => {
  definition = patched(definition, data.patch)
  postMessage({ number: data.number, findings: findingsOf(definition as Definition) })
})
