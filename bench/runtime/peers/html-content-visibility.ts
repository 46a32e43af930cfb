/** The floor again, whose fields out of sight are neither laid out nor painted: see the style sheet. */
export { mount } from './html.ts'
