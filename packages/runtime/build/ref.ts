/** Stands in for lit-html's directive of this name: draw.ts calls functions among the attributes. See vite.config.ts. */
export const ref = (meet: (element: Element | undefined) => void) => meet
