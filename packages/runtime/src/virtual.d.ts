/** Made by build/embedded-fields.ts from packages/fields/src/field-types.ts. */
declare module 'virtual:guichet-fields' {
  /** Meaning and view of each type, at hand or loaded on first use. */
  export const fields: Readonly<Record<string, (() => ReturnType<import('./load-fields.ts').Source>) | undefined>>
}

/** Made by build/later-strings.ts from later-strings.json. */
declare module 'virtual:guichet-later-strings' {
  /** By language. Those of uploads are there too, as documents need them in services without a file field. */
  type Strings = () => Promise<{ default: import('@guichet/core').Messages }>
  export const strings: Readonly<Record<string, Strings | undefined>> & { readonly en: Strings }
}
