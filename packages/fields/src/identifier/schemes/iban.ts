import { checksum, type Scheme, unless, weighted } from './scheme.ts'

/** Lengths by country. First those whose accounts are digits alone, then those with letters in them. */
const digitsOnly =
  'AO25 AT20 BA20 BE16 BI27 CF27 CG27 CM27 CR22 CV25 CZ24 DE22 DJ27 DK18 DZ26 EE20 ES24 FI18 FO18 GA27 GL18 GQ27 HR21 HU28 IL23 IR26 IS26 KM27 LT20 LY25 MA28 ME22 MG27 MN20 MR27 MZ25 NO15 PL28 PT25 RS22 SD18 SE24 SI19 SK24 SO23 ST25 TD27 TL23 TN24 XK20'
const mixed =
  'AD24 AE23 AL28 AZ28 BF28 BG22 BH22 BJ28 BR29 BY28 CH21 CI28 CY28 DO28 EG29 FK18 FR27 GB22 GE22 GI23 GR27 GT28 GW25 HN28 IE22 IQ23 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LU20 LV21 MC27 MD24 MK19 ML28 MT31 MU30 NE28 NI28 NL18 OM23 PK24 PS29 QA29 RO24 RU33 SA24 SC31 SM27 SN28 SV28 TG28 TR26 UA29 VA22 VG24 YE30'
const tableOf = (rows: string) => rows.split(' ').map((row) => [row.slice(0, 2), Number(row.slice(2))] as const)

export const ibanLengths: ReadonlyMap<string, number> = new Map([...tableOf(digitsOnly), ...tableOf(mixed)])
const digitCountries = new Set(tableOf(digitsOnly).map(([country]) => country))

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
    const length = ibanLengths.get(country)
    if (!length) return { code: 'country' }
    if (number.length !== length) return { code: 'ibanLength', params: { country, length, given: number.length } }
    if (!(digitCountries.has(country) ? /^..\d+$/ : /^..\d\d/).test(number)) return { code: 'digitsAfter', params: { prefix: country } }
    return unless(remainder(number) === 1 && accountHolds(number), checksum)
  },
  // A no-break space joins two runs of digits into one, so that the groups keep their order in a line from right to left.
  show: (number) => number.replace(/(.{4})(?=.)/g, '$1\u00a0'),
}
