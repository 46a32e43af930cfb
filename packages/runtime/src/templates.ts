/**
 * Stands in for `lit-html` in modules of field types that a page brings itself. Templates are plain values, which the
 * runtime's own lit-html draws; a second one would ask the page's Trusted Types for a second policy of the same name.
 */
export const html = (strings: TemplateStringsArray, ...values: unknown[]) => ({ _$litType$: 1, strings, values })
export const nothing = Symbol.for('lit-nothing')
export const noChange = Symbol.for('lit-noChange')
