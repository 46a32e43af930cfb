/**
 * What is looked up at the same time is looked up in one transaction. Where another connection writes as well, each look by itself begins
 * with finding out what has changed, and reads again what it had read before.
 */
import type { DatabaseSync } from 'node:sqlite'

/** Runs `look`, which only reads, with others of this turn of the event loop. @throws what `look` threw */
export type Together = <Result>(look: () => Result) => Promise<Result>

export function looksTogether(client: DatabaseSync): Together {
  const begin = client.prepare('BEGIN')
  const end = client.prepare('END')
  let waiting: (() => void)[] = []
  const turn = () => {
    const looks = waiting
    waiting = []
    try {
      if (looks.length > 1) begin.run()
    } catch {
      // A store that was closed, as each look will say.
    }
    for (const look of looks) look()
    try {
      if (client.isOpen && client.isTransaction) end.run()
    } catch {
      // Nothing was written; what comes next begins a transaction of its own.
      if (client.isTransaction) client.exec('ROLLBACK')
    }
  }
  return (look) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(turn)
      waiting.push(() => {
        try {
          resolve(look())
        } catch (error) {
          reject(error)
        }
      })
    })
}
