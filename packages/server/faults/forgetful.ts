/** SQLite acknowledges what is not on disk yet. To be loaded before anything opens a database. */
import { DatabaseSync } from 'node:sqlite'

const { exec } = DatabaseSync.prototype
DatabaseSync.prototype.exec = function forgetful(sql: string) {
  exec.call(this, sql.replace('synchronous = FULL', 'synchronous = NORMAL'))
}
