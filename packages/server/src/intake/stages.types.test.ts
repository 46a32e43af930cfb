/** The compiler is the test: each line marked would compile if the order of the road could be changed. */
import { describe, expectTypeOf, it } from 'vitest'
import { admit } from './admit.ts'
import type { IdempotencyKey } from './idempotency.ts'
import { inspect } from './inspect.ts'
import { record } from './record.ts'
import { seal } from './seal.ts'
import type { Admitted, Clean, Intake, Recorded, Sealed, Valid } from './stages.ts'
import { validateAnswers } from './validate.ts'

/** Never called: it only has to compile as marked. */
export async function wrongOrders(intake: Intake, admitted: Admitted, valid: Valid, clean: Clean, sealed: Sealed, key: IdempotencyKey) {
  // @ts-expect-error what is not admitted is not validated
  await validateAnswers(intake)
  // @ts-expect-error what is not validated is not inspected
  await inspect(admitted)
  // @ts-expect-error what is not inspected is not sealed
  seal(valid)
  // @ts-expect-error what is not sealed is not recorded
  await record(clean, key)
  // @ts-expect-error nor is what was only validated
  await record(valid, key)
  // @ts-expect-error a stage cannot be made by hand
  const made: Sealed = { clean, id: '', box: sealed.box, answers: new Uint8Array(), outcome: new Uint8Array() }
  return made
}

describe('the order of the road', () => {
  it('is the only one that compiles', () => {
    expectTypeOf(admit).returns.resolves.toEqualTypeOf<Admitted>()
    expectTypeOf(validateAnswers).parameters.toEqualTypeOf<[Admitted]>()
    expectTypeOf(inspect).parameters.toEqualTypeOf<[Valid]>()
    expectTypeOf(seal).parameters.toEqualTypeOf<[Clean]>()
    expectTypeOf(record).parameter(0).toEqualTypeOf<Sealed>()
    expectTypeOf(record).returns.resolves.toEqualTypeOf<Recorded>()
  })
})
