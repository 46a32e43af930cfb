/** Every rule, in the order in which they are asked: the cheap ones first, the one that reads the body last but one. */
import { additions } from './additions/rule.ts'
import { capacity } from './capacity/rule.ts'
import { encryption } from './encryption/rule.ts'
import { fields } from './fields/rule.ts'
import { fourEyes } from './four-eyes/rule.ts'
import { honeypot } from './honeypot/rule.ts'
import { networks } from './networks/rule.ts'
import { onePerPerson } from './one-per-person/rule.ts'
import { origins } from './origins/rule.ts'
import { outgoing } from './outgoing/rule.ts'
import { proofOfWork } from './proof-of-work/rule.ts'
import { purpose } from './purpose/rule.ts'
import { rate } from './rate/rule.ts'
import { retention } from './retention/rule.ts'
import type { Rule } from './rule.ts'
import { signIn } from './sign-in/rule.ts'
import { size } from './size/rule.ts'
import { uploads } from './uploads/rule.ts'
import { openingWindow } from './window/rule.ts'

export const rules: readonly Rule[] = [
  ...[origins, rate, signIn, size, openingWindow, honeypot, proofOfWork, uploads, onePerPerson, capacity, encryption],
  // What officers may, and what other parts of the server keep to.
  ...[networks, purpose, fields, outgoing, retention, fourEyes, additions],
]
