/** Made by build/embedded-fields.ts from packages/fields/src/field-types.ts. */
declare module 'virtual:guichet-fields' {
  /** Meaning and view of each type, at hand or loaded on first use. */
  export const fields: Readonly<Record<string, (() => ReturnType<import('./load-fields.ts').Source>) | undefined>>
}
