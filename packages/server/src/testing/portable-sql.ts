/**
 * What SQL must not use, so that the same schema and statements run on PostgreSQL, Citus, CockroachDB and YugabyteDB.
 * Tokens are looked at, not the grammar: each rule is a word or two that have no other meaning in what we send.
 */
interface Rule {
  name: string
  found: RegExp
}

const rules: readonly Rule[] = [
  { name: 'listen/notify', found: /\b(LISTEN|UNLISTEN|NOTIFY|PG_NOTIFY)\b/ },
  { name: 'advisory lock', found: /\bPG_(TRY_)?ADVISORY/ },
  { name: 'trigger or rule', found: /\bCREATE (OR REPLACE )?(CONSTRAINT )?(TRIGGER|RULE|EVENT TRIGGER)\b/ },
  { name: 'temporary table', found: /\bTEMP(ORARY)?\b/ },
  { name: 'setting of the session', found: /^SET (?!LOCAL\b|TRANSACTION\b)|\bSET_CONFIG\([^()]*, ?FALSE\)/ },
  { name: 'deferrable constraint', found: /\bDEFERR(ABLE|ED)\b/ },
  { name: 'exclusion constraint', found: /\bEXCLUDE\b/ },
  { name: 'recursive query', found: /\bRECURSIVE\b/ },
  { name: 'number that the database counts', found: /\b((BIG|SMALL)?SERIAL|IDENTITY|NEXTVAL|CREATE SEQUENCE)\b/ },
  { name: 'grouping sets', found: /\b(GROUPING SETS|ROLLUP ?\(|CUBE ?\()/ },
  { name: 'paging by offset', found: /\bOFFSET\b/ },
  { name: 'two statements in one', found: /;./ },
]

/** Without texts, quoted names' quotes and needless space, in capitals. */
const plain = (statement: string) =>
  statement
    .replace(/--[^\n]*/g, ' ')
    .replace(/'(?:[^']|'')*'/g, "''")
    .replaceAll('"', '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/;$/, '')
    .toUpperCase()

/** Statements that are about no agency, and why they may be. */
const withoutAgency: readonly RegExp[] = [
  // The ends of transactions, and how they run.
  /^(BEGIN|COMMIT|ROLLBACK|SET LOCAL SYNCHRONOUS_COMMIT = OFF)\b/,
  // Sets the agency for the transaction.
  /^SELECT SET_CONFIG\(''/,
  // What the server is, and what the tables are: looked at once, at the start.
  /^SELECT (CURRENT_SETTING|PG_DATABASE_SIZE)\(/,
  /^SELECT ROLNAME AS ROLE/,
  /^SELECT 1 FROM (PG_CLASS|UNNEST)\b/,
  // The list of migrations, and rights on tables, belong to all.
  /^(SELECT|INSERT INTO|CREATE TABLE IF NOT EXISTS)\b.*\bMIGRATIONS\b/,
  /^GRANT /,
  // The second wall itself.
  /^ALTER TABLE \w+ (ENABLE|FORCE|NO FORCE) ROW LEVEL SECURITY$/,
  /^CREATE POLICY AGENCIES_DIRECTORY ON AGENCIES FOR SELECT /,
  // A migration adds a column, or fills it for everybody, once and as the owner.
  /^ALTER TABLE \w+ (ADD COLUMN|ALTER COLUMN \w+ SET DEFAULT) /,
  /^UPDATE SUBMISSIONS SET CLOSED_AT = RECEIVED_AT WHERE /,
  // An index that another one takes the place of.
  /^DROP INDEX \w+$/,
]

/** Names of the rules that a statement breaks. */
export function brokenBy(statement: string): string[] {
  const text = plain(statement)
  const broken = rules.filter(({ found }) => found.test(text)).map(({ name }) => name)
  if (!/\bAGENCY_ID\b/.test(text) && !withoutAgency.some((pattern) => pattern.test(text))) broken.push('no agency')
  // Of several tables the agency must be said for the locked one: a lock across agencies holds up everybody.
  if (/\bFOR (NO KEY )?(UPDATE|SHARE)\b/.test(text) && !/\bAGENCY_ID = \$|\bMIGRATIONS\b/.test(text)) broken.push('lock across agencies')
  return broken
}
