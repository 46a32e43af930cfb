import { statSync } from 'node:fs'

/** Whether something is there. Where that cannot be seen it throws, while `existsSync` says no: what is out of reach is not gone. */
export const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined
