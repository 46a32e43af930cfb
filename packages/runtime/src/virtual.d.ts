/** Made by build/embedded-fields.ts from packages/fields/src/field-types.ts. */
declare module 'virtual:guichet-fields' {
  /** Meaning and view of the usual types. */
  export const fields: Readonly<Record<string, import('./load-fields.ts').Loaded | undefined>>
}
declare module 'virtual:guichet-fields/*' {
  /** Meaning and view of the other types, loaded on first use. */
  export const rareFields: Readonly<Record<string, (() => Promise<import('./load-fields.ts').Loaded>) | undefined>>
}

/** Made by build/later-strings.ts from sealed-strings.json. */
declare module 'virtual:guichet-sealed-strings' {
  type Strings = () => Promise<{ default: import('@guichet/core').Messages }>
  /** By language. */
  export const strings: Readonly<Record<string, Strings | undefined>> & { readonly en: Strings }
}

/** Made by build/later-strings.ts from draft-strings.json. */
declare module 'virtual:guichet-draft-strings' {
  type Strings = () => Promise<{ default: import('@guichet/core').Messages }>
  /** By language. */
  export const strings: Readonly<Record<string, Strings | undefined>> & { readonly en: Strings }
}

/** Made by build/later-strings.ts from later-strings.json. */
declare module 'virtual:guichet-later-strings' {
  /** By language. Those of uploads are there too, as documents need them in services without a file field. */
  type Strings = () => Promise<{ default: import('@guichet/core').Messages }>
  export const strings: Readonly<Record<string, Strings | undefined>> & { readonly en: Strings }
}

/** Made by build/first-and-later.ts. */
declare module 'virtual:guichet-later-types' {
  /** By name: what the usual types do that the first page does not ask of them. */
  export const laterTypes: Readonly<Record<string, Partial<import('@guichet/core').FieldType<never>>>>
}
declare module 'virtual:guichet-operations' {
  type Operations = typeof import('@guichet/core').operations
  /** Finds in a definition's JSON whether it has operations that are not at hand. */
  export const rare: RegExp
  /** Those operations. */
  export const rest: () => Promise<Operations>
}
