/** Every command there is, in the order in which help lists them. A new one is a file beside this and a line here. */
import { agency } from './agency.ts'
import { backup } from './backup.ts'
import { clock } from './clock.ts'
import type { Command } from './command.ts'
import { deliveries } from './deliveries.ts'
import { doctor } from './doctor.ts'
import { embed } from './embed.ts'
import { init } from './init.ts'
import { keys } from './keys.ts'
import { move } from './move.ts'
import { operator } from './operator.ts'
import { policy } from './policy.ts'
import { restore } from './restore.ts'
import { serve } from './serve.ts'
import { statistics } from './statistics.ts'
import { types } from './types.ts'
import { verify } from './verify.ts'
import { witness } from './witness.ts'

export const commands: readonly Command[] = [
  init,
  serve,
  agency,
  operator,
  doctor,
  backup,
  restore,
  move,
  deliveries,
  keys,
  statistics,
  policy,
  embed,
  types,
  clock,
  verify,
  witness,
]
