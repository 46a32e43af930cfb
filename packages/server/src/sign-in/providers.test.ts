/** The file of providers, and opening them when the server starts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSettings } from './openid-connect/settings.ts'
import { providerKinds } from './provider-kinds.ts'
import { readProviders } from './read-providers.ts'
import { type ProviderKind, type ProviderSettings, SignInError, type SignInProvider } from './sign-in.ts'
import { openSignIns } from './sign-ins.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-providers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'providers.json')
const read = (content: unknown, env: Record<string, string> = {}) => {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readProviders(path, env)
}
const provider = { id: 'national', kind: 'some', title: { en: 'National' } }
const wrong = (sentence: string) => ({ wrong: sentence })

describe('the file of providers', () => {
  it('gives each agency its own, in order, with their secrets', () => {
    writeFileSync(join(folder, 'one'), 'from a file\n')
    writeFileSync(join(folder, 'two'), 'with its end \r\n')
    writeFileSync(join(folder, 'three'), 'two\nlines\n')
    const secret = (from: object) => ({ ...provider, secret: from })
    expect(
      read(
        {
          city: [
            { ...secret({ file: 'one' }), other: { neither: 1 }, list: ['file'] },
            { ...provider, id: 'bank' },
          ],
          'town-2': [secret({ env: 'SECRET' }), { ...secret({ file: 'two' }), id: 'b' }, { ...secret({ file: join(folder, 'three') }), id: 'c' }],
          empty: [],
        },
        { SECRET: 'from the environment' },
      ),
    ).toEqual({
      city: [
        { ...provider, secret: 'from a file', other: { neither: 1 }, list: ['file'] },
        { ...provider, id: 'bank' },
      ],
      'town-2': [
        { ...provider, secret: 'from the environment' },
        { ...provider, id: 'b', secret: 'with its end ' },
        { ...provider, id: 'c', secret: 'two\nlines' },
      ],
      empty: [],
    })
  })

  it('says what is wrong with it, and repeats no secret', () => {
    const missing = join(folder, 'nothing.json')
    expect(readProviders(missing, {})).toEqual(wrong(`names a file that cannot be read (ENOENT): ${missing}`))
    expect(read('{')).toEqual(wrong(`names a file that cannot be read (no JSON): ${path}`))
    for (const none of [[], 'null', '"x"', 3]) expect(read(none)).toEqual(wrong(`names a file that is no JSON object: ${path}`))
    const mistake = (content: object, sentence: string, env = {}) => expect(read(content, env)).toEqual(wrong(`names a file with a mistake: ${sentence}`))
    for (const name of ['City', '2nd', 'ci ty', 'x'.repeat(61), '~', 'city\n']) mistake({ [name]: [] }, `${name} must be an agency with a list of providers`)
    mistake({ city: provider }, 'city must be an agency with a list of providers')
    mistake({ city: [provider, provider] }, 'city has two providers of one id')
    for (const one of [null, [], 'x', { ...provider, id: 3 }, { ...provider, id: 'National' }, { ...provider, id: undefined }])
      mistake({ city: [{ ...provider, id: 'a' }, one] }, 'city/1 needs an id of small letters, digits and -')
    for (const title of [undefined, null, 'National', [], {}, { en: 'National', el: 3 }])
      mistake({ city: [{ ...provider, title }] }, 'city/0 needs a title, by language')
    for (const kind of [undefined, 3]) mistake({ city: [{ ...provider, kind }] }, 'city/0 needs a kind')
    mistake({ city: [{ ...provider, secret: { file: 'nothing' } }] }, 'city/0/secret names a file that cannot be read (ENOENT)')
    for (const from of [{ env: 'NOTHING' }, { env: 'EMPTY' }, { env: 3 }, { file: 3 }])
      mistake({ city: [{ ...provider, secret: from }] }, 'city/0/secret names a variable that is not set', { EMPTY: '', 3: 'x', undefined: 'x' })
  })
})

describe('opening them', () => {
  const opened: unknown[] = []
  const kind: ProviderKind = {
    kind: 'some',
    open(settings, means) {
      opened.push([settings, means])
      if (settings.id === 'broken') throw new Error('needs a key')
      return { id: settings.id } as SignInProvider
    },
  }
  const means = { egress: {}, now: () => new Date() } as never
  const settings = (id: string, name = 'some') => ({ ...provider, id, kind: name }) as ProviderSettings

  it('gives each agency its own, and one that has none none', () => {
    const signIns = openSignIns({ city: [settings('b'), settings('a')], town: [settings('c')] }, means, [kind])
    expect([signIns.providers('city').map(({ id }) => id), signIns.providers('town').map(({ id }) => id), signIns.providers('village')]).toEqual([
      ['b', 'a'],
      ['c'],
      [],
    ])
    expect(opened[0]).toEqual([settings('b'), means])
  })

  it('stops the start for a kind that there is not, and for settings that make no sense', () => {
    expect(() => openSignIns({ city: [settings('a', 'other')] }, means, [kind])).toThrow('SIGN_IN_PROVIDERS: city/a is of no kind that is known')
    expect(() => openSignIns({ city: [settings('broken')] }, means, [kind])).toThrow('SIGN_IN_PROVIDERS: city/broken needs a key')
    expect(() => openSignIns({ city: [settings('a', 'openid-connect')] }, means)).toThrow('SIGN_IN_PROVIDERS: city/a needs an issuer')
    expect(providerKinds.map((each) => each.kind)).toEqual(['openid-connect'])
  })

  it('tells what went wrong for whoever is in front of it, and for the log', () => {
    const error = new SignInError('denied', 'authorization')
    expect([error.fault, error.reason, error.message]).toEqual(['denied', 'authorization', 'denied: authorization'])
  })
})

describe('settings of OpenID Connect', () => {
  const least = { id: 'national', kind: 'openid-connect', title: { en: 'National' }, issuer: 'https://id.example', clientId: 'c', assumedLevel: 'low' }
  it('are the strictest that make sense, where nothing is said', () => {
    expect(readSettings(least)).toEqual({
      ...{ id: 'national', title: { en: 'National' }, issuer: 'https://id.example', clientId: 'c', clientSecret: null, secretIn: 'header' },
      ...{ scopes: ['openid', 'profile'], algorithms: ['RS256'], levels: {}, assumedLevel: 'low', maxAgeSeconds: null },
      claims: ['name', 'given_name', 'family_name', 'birthdate', 'email', 'phone_number'],
    })
    const more = {
      clientSecret: '12345678',
      secretIn: 'body',
      scopes: ['openid'],
      algorithms: ['ES256', 'EdDSA'],
      levels: { a: 'high' },
      claims: [],
      maxAgeSeconds: 0,
    }
    expect(readSettings({ ...least, ...more, assumedLevel: null } as never)).toMatchObject({ ...more, assumedLevel: null })
  })

  it.each<[object, string]>([
    [{ extra: 1 }, 'has a setting that is not known: extra'],
    [{ issuer: 3 }, 'needs an issuer, an address without ? and #'],
    [{ issuer: 'id.example' }, 'needs an issuer, an address without ? and #'],
    [{ issuer: 'https://id.example/?a' }, 'needs an issuer, an address without ? and #'],
    [{ issuer: 'https://id.example/#a' }, 'needs an issuer, an address without ? and #'],
    [{ clientId: '' }, 'needs a clientId'],
    [{ clientId: undefined }, 'needs a clientId'],
    [{ clientSecret: '1234567' }, 'needs a clientSecret by reference: {"file": ...} or {"env": ...}'],
    [{ clientSecret: 12345678 }, 'needs a clientSecret by reference: {"file": ...} or {"env": ...}'],
    [{ secretIn: 'query' }, 'has a secretIn that is neither "header" nor "body"'],
    [{ scopes: ['profile'] }, 'needs scopes with "openid" among them'],
    [{ scopes: 'openid' }, 'needs scopes with "openid" among them'],
    [{ scopes: ['openid', ''] }, 'needs scopes with "openid" among them'],
    [{ scopes: ['openid', 'x'.repeat(200)] }, 'needs scopes with "openid" among them'],
    [{ algorithms: [] }, 'takes an algorithm that is none of '],
    [{ algorithms: ['HS256'] }, 'takes an algorithm that is none of '],
    [{ algorithms: ['RS256', 'none'] }, 'takes an algorithm that is none of '],
    [{ algorithms: 'RS256' }, 'takes an algorithm that is none of '],
    [{ levels: { a: 'very high' } }, 'has levels that are not "low", "substantial" or "high"'],
    [{ levels: null }, 'has levels that are not "low", "substantial" or "high"'],
    [{ levels: 'low' }, 'has levels that are not "low", "substantial" or "high"'],
    [{ assumedLevel: 'very high' }, 'has an assumedLevel that is no level'],
    [{ assumedLevel: null }, 'needs levels, or an assumedLevel'],
    [{ claims: [3] }, 'has claims that are no list of names'],
    [{ maxAgeSeconds: 1.5 }, 'has a maxAgeSeconds that is no whole number'],
    [{ maxAgeSeconds: -1 }, 'has a maxAgeSeconds that is no whole number'],
    [{ maxAgeSeconds: '5' }, 'has a maxAgeSeconds that is no whole number'],
  ])('%j: %s', (change, sentence) => {
    expect(() => readSettings({ ...least, ...change } as never)).toThrow(sentence)
  })
})
