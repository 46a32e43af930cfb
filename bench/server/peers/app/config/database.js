// As durable as Guichet, and in the journal mode that writes least: both are better than Strapi's own defaults.
module.exports = {
  connection: {
    client: 'sqlite',
    connection: { filename: process.env.DATABASE_FILENAME },
    useNullAsDefault: true,
    pool: {
      afterCreate(connection, done) {
        connection.pragma('journal_mode = WAL')
        connection.pragma('synchronous = FULL')
        done(null, connection)
      },
    },
  },
}
