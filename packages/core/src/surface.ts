/** What a service is drawn on, in the two schemes: what has to be readable is so on these. */
export const surface = { light: '#ffffff', dark: '#15181c' } as const

/** By name, without what all are called: a colour for light surfaces and one for dark ones. */
export type Tokens = Readonly<Record<string, readonly [light: string, dark: string]>>

/** Custom properties of colours: dark where the page around declares `color-scheme: dark`, or `light dark` and the reader prefers it. */
export function tokenSheet(tokens: Tokens): string {
  const host = (value: (pair: Tokens[string]) => string) =>
    `:host{${Object.entries(tokens)
      .map(([name, pair]) => `--guichet-colour-${name}:${value(pair)}`)
      .join(';')}}`
  return `${host(([light]) => light)}@supports (color:light-dark(#000,#fff)){${host((pair) => `light-dark(${pair})`)}}`
}
