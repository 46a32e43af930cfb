/** Every line there is, in the order of attacks.ts. A new one is a file in lines/ and a line here. */
import type { Line } from './line.ts'
import { definitionBombs } from './lines/definition-bombs.ts'
import { endedSessions } from './lines/ended-sessions.ts'
import { filesThatExplode } from './lines/exploding-files.ts'
import { fieldsOfOthers } from './lines/fields-of-others.ts'
import { foreignRows } from './lines/foreign-rows.ts'
import { foretoldCodes } from './lines/foretold-codes.ts'
import { forgedReceipts } from './lines/forged-receipts.ts'
import { forgedRequests } from './lines/forged-requests.ts'
import { forgedSignIns } from './lines/forged-sign-ins.ts'
import { forgedWebhooks } from './lines/forged-webhooks.ts'
import { formulas } from './lines/formulas.ts'
import { guessedCodes } from './lines/guessed-codes.ts'
import { headers } from './lines/headers.ts'
import { hostileHosts } from './lines/hostile-hosts.ts'
import { infectedFiles } from './lines/infected-files.ts'
import { insideAddresses } from './lines/inside-addresses.ts'
import { interleavedSessions } from './lines/interleaved-sessions.ts'
import { killedLogs } from './lines/killed-logs.ts'
import { leaks } from './lines/leaks.ts'
import { logTampering } from './lines/log-tampering.ts'
import { lyingFilesLine } from './lines/lying-files.ts'
import { oversizedBodies } from './lines/oversized-bodies.ts'
import { packages } from './lines/packages.ts'
import { patterns } from './lines/patterns.ts'
import { pollution } from './lines/pollution.ts'
import { redirects } from './lines/redirects.ts'
import { rotatedKeys } from './lines/rotated-keys.ts'
import { scriptedFiles } from './lines/scripted-files.ts'
import { scriptsAtWork } from './lines/scripts-at-work.ts'
import { sealedCanaries } from './lines/sealed-canaries.ts'
import { secretsByTime } from './lines/secrets-by-time.ts'
import { shreddedCases } from './lines/shredded-cases.ts'
import { silentReads } from './lines/silent-reads.ts'
import { smuggledLines } from './lines/smuggled-lines.ts'
import { storedScripts } from './lines/stored-scripts.ts'
import { strangeJson } from './lines/strange-json.ts'
import { thingsOfOthers } from './lines/things-of-others.ts'

export const lines: readonly Line[] = [
  oversizedBodies,
  strangeJson,
  pollution,
  patterns,
  definitionBombs,
  thingsOfOthers,
  guessedCodes,
  foretoldCodes,
  interleavedSessions,
  foreignRows,
  fieldsOfOthers,
  forgedSignIns,
  endedSessions,
  secretsByTime,
  formulas,
  headers,
  redirects,
  insideAddresses,
  smuggledLines,
  rotatedKeys,
  leaks,
  shreddedCases,
  sealedCanaries,
  logTampering,
  silentReads,
  killedLogs,
  forgedReceipts,
  forgedWebhooks,
  packages,
  filesThatExplode,
  lyingFilesLine,
  infectedFiles,
  storedScripts,
  scriptsAtWork,
  forgedRequests,
  scriptedFiles,
  hostileHosts,
]
