/** The ten promises of docs/security.md: what shows each, and the last figures, read from the tables that hold them. */
interface Promised {
  promise: string
  /** Tests and commands, as the page writes them. */
  shown: string
  /** Lines of the battery. */
  lines?: readonly string[]
  /** Lines of docs/faults.md, by how they begin. */
  faults?: readonly string[]
}

export const promises: readonly Promised[] = [
  {
    promise: 'If you saw a tracking code, your submission is on disk.',
    shown: '`npm run faults`: kill, power-cut, postgres-kill, replica-kill, disk-full, disk-fails; `intake/failing-statements.sqlite.test.ts`',
    faults: ['T1 ', 'T2 ', 'T3 ', 'T4 ', 'T5 ', 'T6 '],
  },
  {
    promise: 'Pressing Send twice never makes two cases.',
    shown: '`npm run faults`: double-submit; `intake/idempotency.test.ts`',
    faults: ['T10 double submit to one', 'T10 double submit to two'],
  },
  {
    promise: 'No other agency can reach your case.',
    shown: '`access/matrix.test.ts`, made of the list of routes; `store/postgres/postgres-store.test.ts` (row-level security)',
    lines: ['things-of-others', 'foreign-rows'],
  },
  {
    promise:
      'Of a sealed service our server never holds a key that opens the answers; the agency’s page names the code and the keys. Sealed files are not looked at for viruses, and sealed answers cannot be searched.',
    shown: '`sealing/sealed.test.ts`, `tests/sealed.browser.test.ts`, `tests/pinned.browser.test.ts`',
    lines: ['fields-of-others', 'sealed-canaries'],
  },
  {
    promise: 'Every look at your case is logged, and the log cannot be changed unseen.',
    shown: '`audit/audit-log.test.ts`, `audit/tree.test.ts`, `audit/witnesses.test.ts`',
    lines: ['log-tampering', 'silent-reads', 'killed-logs'],
  },
  {
    promise: 'Your receipt can be checked without us, offline.',
    shown: '`receipts/receipts.test.ts`, `tests/receipts.browser.test.ts` (a page opened from a file, in Chromium); `guichet verify`',
    lines: ['forged-receipts'],
  },
  {
    promise:
      'Erased means unreadable in every backup within seven days (copies of keys are kept no longer: [encryption.md](encryption.md)), with a certificate.',
    shown: '`erasure/erasure.test.ts`, `erasure/restore.test.ts`, `keys/month-files.test.ts`',
    lines: ['shredded-cases', 'rotated-keys'],
  },
  {
    promise: 'No service definition can stop or take over the server.',
    shown: '`definitions/linter.test.ts`, `incidents.test.ts`',
    lines: ['pollution', 'patterns', 'definition-bombs', 'stored-scripts'],
  },
  {
    promise: 'A dead scanner, sign-in provider, disk or database makes us refuse, never lose or let through.',
    shown: '`npm run faults`; `files/inspector.test.ts`, `sign-in/openid-connect/real.test.ts`',
    lines: ['infected-files', 'forged-sign-ins', 'ended-sessions'],
    faults: ['T3 ', 'T5 ', 'T6 '],
  },
  {
    promise: 'No personal data in our logs.',
    shown: '`log.test.ts`',
    lines: ['leaks', 'smuggled-lines'],
  },
]

/** The figures of the battery's table in docs/security.md, by line. */
function figuresOf(security: string): Map<string, { attack: string; trials: string; figure: string }> {
  const found = new Map<string, { attack: string; trials: string; figure: string }>()
  for (const line of security.split('\n')) {
    // A bar within a cell has a backslash before it.
    const [, attack = '', name = '', , trials = '', figure = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim())
    if (/^T\d+$/.test(attack) && /^`[a-z-]+`$/.test(name)) found.set(name.slice(1, -1), { attack, trials, figure })
  }
  return found
}

/** `ok   T1 killed under load: trials 5, ...; control ...`: what comes before the control. */
const faultIn = (faults: string, begin: string): string | null => {
  const line = faults.split('\n').find((each) => /^(?:ok|SLOW) /.test(each) && each.slice(5).startsWith(begin))
  return line ? (line.slice(5).split('; control')[0] as string) : null
}

/** The table of promises, of the two pages that hold the figures. What has none says so. */
export function promisesTable(security: string, faults: string): string {
  const figures = figuresOf(security)
  const rows = promises.map(({ promise, shown, lines = [], faults: broken = [] }, i) => {
    const last = [
      ...broken.map((begin) => faultIn(faults, begin) ?? `${begin.trim()}: not run`),
      ...lines.map((name) => {
        const row = figures.get(name)
        return row ? `${row.attack} \`${name}\`, ${row.trials} tried: ${row.figure}` : `\`${name}\`: not run`
      }),
    ]
    return `| ${i + 1} | ${promise} | ${shown} | ${last.join('.<br>')} |`
  })
  return ['| | promise | shown by | last figures |', '| ---: | --- | --- | --- |', ...rows].join('\n')
}
