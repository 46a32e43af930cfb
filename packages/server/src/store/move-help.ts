/** In a file of its own: help should not wait for database drivers to load. */
export const moveHelp = `guichet move                         copies the SQLite database to an empty PostgreSQL and compares the two
        --from <file>                by default guichet.db in DATA_DIR; no server may be using it
        --to <address>               by default DATABASE_URL; DATABASE_OWNER_URL makes its tables
`
