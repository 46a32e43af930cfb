import { describe, expect, it } from 'vitest'
import { fullCost, scryptPasswords, TooBusy } from './password.ts'

const quick = scryptPasswords({ N: 2 ** 4, r: 8, p: 1 })

describe('a password', () => {
  it('costs whoever guesses it 128 MiB each', () => {
    expect(fullCost).toEqual({ N: 131_072, r: 8, p: 1 })
    return expect(scryptPasswords().hash('pass phrase')).resolves.toMatch(/^scrypt\$131072\$8\$1\$/)
  })

  it('is kept as a digest with a salt of its own, and with what it cost', async () => {
    const [one, two] = [await quick.hash('pass phrase'), await quick.hash('pass phrase')]
    expect(one).toMatch(/^scrypt\$16\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect(one.split('$')[4]).not.toBe(two.split('$')[4])
    for (const hash of [one, two])
      expect([await quick.check('pass phrase', hash), await quick.check('pass phrasE', hash), await quick.check('', hash)]).toEqual([true, false, false])
  })

  it('is the same however its letters are composed', async () => {
    expect(await quick.check('cafe\u0301', await quick.hash('caf\u00e9'))).toBe(true)
  })

  it('is checked at the cost that it was kept with', async () => {
    const dearer = await scryptPasswords({ N: 2 ** 5, r: 4, p: 2 }).hash('pass phrase')
    expect(dearer).toMatch(/^scrypt\$32\$4\$2\$/)
    expect([await quick.check('pass phrase', dearer), await quick.check('pass phrase', dearer.replace('$32$', '$16$'))]).toEqual([true, false])
  })

  it('is none where there is no digest, or one that cannot be read', async () => {
    const hash = await quick.hash('pass phrase')
    for (const none of [null, '', ` ${hash}`, `${hash} `, hash.replace('scrypt', 'plain'), hash.replace('$8$', '$x$'), hash.split('$').slice(0, 5).join('$')])
      expect([none, await quick.check('pass phrase', none)]).toEqual([none, false])
  })

  it('takes as long where nobody has it: the same is worked out', async () => {
    // Enough memory for neither: whoever is not known fails in the same place.
    const dear = scryptPasswords({ N: 2 ** 20, r: 8, p: 1 })
    const fails = async (work: Promise<unknown>) =>
      (await work.then(
        () => null,
        (error) => error.code,
      )) as string | null
    expect([await fails(dear.check('x', null)), await fails(dear.hash('x'))]).toEqual(Array(2).fill('ERR_CRYPTO_INVALID_SCRYPT_PARAMS'))
  })
})

describe('passwords at once', () => {
  it('wait for their turn, up to twenty: whoever comes then is told so, and those before get theirs', async () => {
    const slow = scryptPasswords({ N: 2 ** 12, r: 8, p: 1 })
    const asked = Array.from({ length: 24 }, (_, i) => slow.hash(`word ${i}`).catch((error) => error))
    const done = await Promise.all(asked)
    expect(done.map((each) => each instanceof TooBusy)).toEqual([...Array(22).fill(false), true, true])
    expect(new Set(done.slice(0, 22)).size).toBe(22)
    // What failed gives its place back as well.
    const broken = scryptPasswords({ N: 3, r: 8, p: 1 })
    expect((await Promise.allSettled(Array.from({ length: 22 }, () => broken.hash('x')))).map(({ status }) => status)).toEqual(Array(22).fill('rejected'))
    expect((await Promise.allSettled(Array.from({ length: 22 }, () => quick.hash('x')))).map(({ status }) => status)).toEqual(Array(22).fill('fulfilled'))
  })

  it('are worked out two at a time', async () => {
    const ended: number[] = []
    const slow = scryptPasswords({ N: 2 ** 14, r: 8, p: 1 })
    await Promise.all([slow, slow, quick, quick].map((each, i) => each.hash('x').then(() => ended.push(i))))
    // The quick ones are quick, and still did not begin before one of the slow ones was through.
    expect([0, 1]).toContain(ended[0])
  })
})
