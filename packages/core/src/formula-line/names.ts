/** How names of fields and operations are written in a formula line. */

/** Words that are no names of fields unless they stand in square brackets. */
export const reserved: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'true', 'false', 'nothing'])

/** An operation that has a sign for its name is called by a word. */
const words: ReadonlyMap<string, string> = new Map([['%', 'mod']])

export const nameOfOperation = (operation: string): string => words.get(operation) ?? operation
export const operationOfName = (name: string): string => [...words].find(([, word]) => word === name)?.[0] ?? name

/** Names that need no brackets around them: ids, and ways into answers of several parts. */
export const isPlainName = (name: string): boolean => /^[a-z_]\w*(\.\w+)*$/i.test(name) && !reserved.has(name)

/** Whether an operation can be called by its bare name; others stand in backquotes. */
export const isPlainCall = (name: string): boolean => /^[a-z_][a-z0-9_]*$/.test(name) && !['true', 'false', 'nothing', 'not', 'mod'].includes(name)
