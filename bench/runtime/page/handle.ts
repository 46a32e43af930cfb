/** What a peer's script gives the bench. `peers/<name>` exports `mount` of this type. */
export interface Handle {
  /** What a person types into or clicks for a field (with `value`: that option's input), or null while it is not there. */
  control(key: string, value?: string): Element | null
  /** Takes the form off the page, as the peer's documentation says. */
  unmount(): void | Promise<void>
}

export type Mount = (definition: never, container: HTMLElement) => Promise<Handle>
