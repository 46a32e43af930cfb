/** PostgreSQL, as the server's role finds it. */
import type { PostgresSnapshot } from '../backup/postgres-snapshot.ts'
import { type Finding, ok, warn, wrong } from './finding.ts'

export async function checkPostgres({ client }: PostgresSnapshot): Promise<Finding[]> {
  const found: Finding[] = []
  const { rows: settings } = await client.query<{ name: string; value: string }>(
    "SELECT name, setting AS value FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')",
  )
  const off = settings.filter(({ value }) => value === 'off').map(({ name }) => name)
  found.push(
    off.length === 0
      ? ok('durability', settings.map(({ name, value }) => `${name} = ${value}`).join(', '))
      : wrong('durability', `${off.join(', ')} = off: it may lose what it acknowledged`, 'set to on; the server refuses to start so'),
  )
  const { rows: roles } = await client.query<{ role: string; trusted: boolean; owns: boolean }>(
    `SELECT current_user::text AS role, rolsuper OR rolbypassrls AS trusted,
       EXISTS (SELECT 1 FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND pg_has_role(current_user, relowner, 'MEMBER')) AS owns
     FROM pg_roles WHERE rolname = current_user`,
  )
  const { role = '', trusted, owns } = roles[0] ?? {}
  if (trusted || owns)
    found.push(
      wrong(
        'role',
        `"${role}" ${trusted ? 'gets around row-level security' : 'owns tables, so that it could switch row-level security off'}`,
        'let DATABASE_URL name a role of its own: NOSUPERUSER NOBYPASSRLS, and no owner',
      ),
    )
  else found.push(ok('role', `"${role}" is bound by row-level security`))
  const { rows: open } = await client.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'agency_id' AND NOT attisdropped
     WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1`,
  )
  found.push(
    open.length === 0
      ? ok('row security', 'forced on every table')
      : wrong(
          'row security',
          `not forced on ${open.map(({ name }) => name).join(', ')}`,
          'ALTER TABLE ... ENABLE ROW LEVEL SECURITY; ALTER TABLE ... FORCE ROW LEVEL SECURITY; and find out who took it away',
        ),
  )
  const { rows: times } = await client.query<{ apart: number }>('SELECT extract(epoch FROM clock_timestamp())::float8 AS apart')
  const apart = Math.abs(Number(times[0]?.apart) - Date.now() / 1000)
  found.push(
    apart < 5 ? ok('clock of database', 'as ours') : warn('clock of database', `${Math.round(apart)} seconds apart from ours`, 'set both clocks by NTP'),
  )
  return found
}
