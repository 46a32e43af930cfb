import type { Finding } from '@guichet/core'

/** What a number says about its holder. */
export interface Facts {
  birth?: (iso: string) => boolean
  gender?: 'm' | 'f'
}

/** The rule of one kind of number. `number` comes normalised: ASCII, upper case, no blanks; leading zeros kept. */
export interface Scheme {
  /** Digits it has, if it is made of digits alone. What is no digit, too short or too long then never reaches `check`. */
  readonly length?: number
  /** What is wrong with it, or null. `today` is an ISO date; `country` is the setting of that name. */
  check(number: string, today: string, country: string | undefined): Finding | null
  /** Adds what people leave out. */
  complete?(number: string, country: string | undefined): string
  /** Made-up numbers that hold, where trying at random finds none, and about this holder. `birth`: an ISO date. */
  samples?(country: string | undefined, holder: { birth?: string; gender?: 'm' | 'f' }): readonly string[]
  facts?(number: string): Facts
  /** How it is written for people. */
  show?(number: string): string
}

/** Sum of the digits, each times its weight. */
export const weighted = (digits: string, weight: (index: number) => number): number =>
  [...digits].reduce((sum, digit, index) => sum + Number(digit) * weight(index), 0)

export const checksum: Finding = { code: 'checksum' }
export const allSame: Finding = { code: 'allSame' }

/** Null if it holds, else the finding. */
export const unless = (holds: boolean, finding: Finding): Finding | null => (holds ? null : finding)
