import { checksum, type Scheme, unless, weighted } from './scheme.ts'

/**
 * What follows the four leading characters, and the countries whose accounts look so, as the IBAN registry writes it:
 * n digits, a letters, c both. The same holds for the countries that use IBANs without being in the registry.
 */
const accounts = `
10n11c2n FR MC|11n NO|12n BE|14n DK FI FO GL SD|14n15c RU|15n SI|16n AT BA EE LT MN XK|17n HR|18n CR DE ME RS VA|19n AE IL SO TL
1a10n12c IT SM|1a23n CI|20c MD|20n CZ ES SE SK TN|21n AO CV LY MZ PT ST|22n DZ IR IS|23n BI CF CG CM DJ GA GQ KM MG MR TD
23n1a1c BR|24c GT|24n HU MA PL|25n EG|2a12n FK|2a19n GW|2a22n NE SN TG|2c16n GE|2c22n BF BJ ML|2n18c SA|3n10c2n MK|3n13c KZ LU
3n16c OM|4a10n NL|4a13c LV|4a14c BH|4a14n GB|4a15c GI|4a15n IQ|4a16c RO|4a19n3a MU|4a20c AZ|4a20n DO HN NI SV|4a20n3a SC|4a21c QA
4a22c KW|4a24c LC|4a4n16c BY|4a4n18c JO YE|4a5n18c MT|4a6n8c BG|4c14n IE|4c16n PK VG|4c21n PS|4n20c LB|5n12c CH LI|5n17c TR
6n19c UA|7n16c GR|8n12c AD|8n16c AL CY`
const characters: Readonly<Record<string, string>> = { n: '\\d', a: '[A-Z]', c: '[A-Z0-9]' }

interface Account {
  /** An account of zeros. */
  zeros: string
  /** Of the whole IBAN. */
  length: number
  pattern: RegExp
}

export const ibanAccounts: ReadonlyMap<string, Account> = new Map(
  accounts.split(/[|\n]/).flatMap((line) => {
    const [form = '', ...countries] = line.split(' ')
    const length = (form.match(/\d+/g) ?? []).reduce((sum, count) => sum + Number(count), 4)
    const pattern = new RegExp(`^..\\d\\d${form.replace(/(\d+)([nac])/g, (_, count, kind) => `${characters[kind]}{${count}}`)}$`)
    const zeros = form.replace(/(\d+)([nac])/g, (_, count, kind) => (kind === 'a' ? 'A' : '0').repeat(Number(count)))
    return countries.map((country) => [country, { length, pattern, zeros }] as const)
  }),
)

/** ISO 7064 mod 97-10: the first four characters at the end, letters as 10 to 35. */
const remainder = (iban: string) =>
  [...(iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))].reduce(
    (rest, digit) => (rest * 10 + Number(digit)) % 97,
    0,
  )

/** A Hungarian account has check digits of its own, for the bank's eight digits and for the rest. */
const accountHolds = (iban: string) =>
  !iban.startsWith('HU') || [iban.slice(4, 12), iban.slice(12)].every((part) => weighted(part, (i) => [9, 7, 3, 1][i % 4] as number) % 10 === 0)

export const iban: Scheme = {
  /** In Iran the number is known as sheba, and often typed and printed without its letters. */
  complete: (number, country) => {
    const bare = number.replace(/^IBAN:?/, '')
    return country === 'IR' && /^\d{24}$/.test(bare) ? `IR${bare}` : bare
  },
  check: (number, _today, only) => {
    if (!/^[A-Z0-9]*$/.test(number)) return { code: 'symbols' }
    const country = number.slice(0, 2)
    if (only && country !== only) return { code: 'prefix', params: { prefix: only } }
    const account = ibanAccounts.get(country)
    if (!account) return { code: 'country' }
    const { length, pattern } = account
    if (number.length !== length) return { code: 'ibanLength', params: { country, length, given: number.length } }
    if (!pattern.test(number)) return { code: 'structure', params: { country } }
    return unless(remainder(number) === 1 && accountHolds(number), checksum)
  },
  samples: (country = 'GR') => {
    const account = ibanAccounts.get(country)
    if (!account) return []
    const check = 98 - remainder(`${country}00${account.zeros}`)
    return [`${country}${String(check).padStart(2, '0')}${account.zeros}`]
  },
  // A no-break space joins two runs of digits into one, so that the groups keep their order in a line from right to left.
  show: (number) => number.replace(/(.{4})(?=.)/g, '$1\u00a0'),
}
