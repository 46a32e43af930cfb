/** What a service is drawn on, in the two schemes: what has to be readable is so on these. */
export const surface = { light: '#ffffff', dark: '#15181c' } as const
