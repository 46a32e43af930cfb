/** Every line there is, in the order of attacks.ts. A new one is a file in lines/ and a line here. */
import type { Line } from './line.ts'
import { definitionBombs } from './lines/definition-bombs.ts'
import { oversizedBodies } from './lines/oversized-bodies.ts'
import { patterns } from './lines/patterns.ts'
import { pollution } from './lines/pollution.ts'
import { strangeJson } from './lines/strange-json.ts'

export const lines: readonly Line[] = [oversizedBodies, strangeJson, pollution, patterns, definitionBombs]
