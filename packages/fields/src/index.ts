/** What people outside this package need; views are at `@guichet/fields/field-views`, because they need a browser. */
export { type FieldName, type FieldOf, fieldTypes } from './field-types.ts'
