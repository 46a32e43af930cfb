/** Expressions as a line that authors type, as in a spreadsheet. Not in the index: only builders need it. */
export { operationOfName, reserved } from './formula-line/names.ts'
export { type FormulaFault, type FormulaLanguage, type ParsedFormula, parseFormula } from './formula-line/parse.ts'
export { type FormulaMoney, printFormula } from './formula-line/print.ts'
export { type Token, tokensOf } from './formula-line/tokens.ts'
