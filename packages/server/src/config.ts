/**
 * What the server can be told from outside. The table below is the one statement of it: it feeds the check at start and
 * `--help`. Nothing else in the package reads the environment.
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LevelWithSilent } from 'pino'
import { type Providers, readProviders } from './sign-in/read-providers.ts'

export interface Config {
  port: number
  host: string
  /** Base address that people use, without a slash at the end. */
  baseUrl: string
  /** Whether BASE_URL was given; else loopback names of the same port count as ours too. */
  baseUrlGiven: boolean
  dataDir: string
  /** Null: SQLite in the data folder, and one process. */
  databaseUrl: string | null
  /** Role that makes and changes the tables; null: they are there already. */
  databaseOwnerUrl: string | null
  /** Object store for attachments; null: they are in the data folder. */
  s3Endpoint: string | null
  s3Bucket: string | null
  s3Region: string
  s3AccessKeyId: string | null
  s3SecretAccessKey: string | null
  s3Addressing: 'path' | 'host'
  /** Role that row-level security lets read everything, for `guichet backup`; null: that of databaseOwnerUrl. */
  databaseBackupUrl: string | null
  /** Null: no demo page. */
  demoPort: number | null
  examplesDir: string | null
  agency: string
  agencyName: string
  logLevel: LevelWithSilent
  /** How many proxies in front of the server may be believed about the client's address. */
  trustProxy: number
  /** Connections that one address may have open; zero: as many as there are. Not where proxies in front are believed. */
  connectionsPerAddress: number
  maxUploadBytes: number
  requestTimeoutSeconds: number
  /** Time between the wish to stop and the end of listening, in which a load balancer finds another replica. */
  stopDelaySeconds: number
  purgeAfterHours: number
  /** Pages reload by themselves when what they load was built again. */
  dev: boolean
  draftDays: number
  /** Where the keys are that wrap the months' keys: a folder, or `command:` and a program. Null: beside them. */
  rootKeys: string | null
  /** Agencies whose statistics anyone may read; `*` for all. */
  publishStatistics: readonly string[]
  statisticsLicence: string
  visitsPerCase: number
  /** Null: no mail is sent. */
  smtpUrl: string | null
  mailFrom: string | null
  /** Gateway for short messages; null: none are sent. */
  smsUrl: string | null
  smsAuthorization: string | null
  smsBody: string
  smsPerHour: number
  /** Destinations, by `host:port`, that may be called without https and whatever their address. */
  egressAllow: readonly string[]
  /** Who looks for infected files; null: nobody. */
  scannerUrl: string | null
  /** Whether a start offers a link to set up the first user, and prints it. */
  setupLink: boolean
  /** Who citizens of each agency sign in with. */
  signInProviders: Providers
  /** The audit logs are signed this often, if there is something new. */
  checkpointSeconds: number
  /** Who is asked to sign, besides, that they only grow: a key (`name+hash+base64`) and an address each. */
  witnesses: readonly { key: string; url: string }[]
  /** Null: no metrics. */
  metricsPort: number | null
  metricsHost: string
  /** Base address of an OpenTelemetry collector; null: no traces. */
  tracesUrl: string | null
}

interface Setting<T> {
  env: string
  fallback: string
  help: string
  /** Its value is not repeated when it is wrong. */
  secret?: true
  /** Gives the value, or a sentence that says what is wrong. `env`: where a file that is named says that a secret is. */
  read(text: string, env: Readonly<Record<string, string | undefined>>): T | { wrong: string }
}

const root = fileURLToPath(new URL('../../../', import.meta.url))

const whole =
  (min: number, max: number) =>
  (text: string): number | { wrong: string } =>
    /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : { wrong: `must be a whole number from ${min} to ${max}` }
const orOff =
  <T>(read: (text: string) => T | { wrong: string }) =>
  (text: string): T | null | { wrong: string } =>
    text === 'off' ? null : read(text)
const folder = (text: string) => resolve(text.replace(/^~(?=\/|$)/, homedir()))
const matching = (pattern: RegExp, what: string) => (text: string) => (pattern.test(text) ? text : { wrong: what })
const orNone =
  <T>(read: (text: string) => T | { wrong: string }) =>
  (text: string): T | null | { wrong: string } =>
    text === '' ? null : read(text)
const postgresUrl = (text: string) =>
  URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)
    ? text
    : {
        wrong:
          'must be an address such as postgres://user:password@host/database; signs with a meaning in addresses, such as # / ? @ :, are %23 %2F %3F %40 %3A in a password',
      }
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

const settings = {
  port: { env: 'PORT', fallback: '8080', help: 'Port to listen on; 0 takes a free one.', read: whole(0, 65535) },
  host: { env: 'HOST', fallback: '127.0.0.1', help: 'Address to listen on.', read: matching(/^[A-Za-z0-9.:_-]+$/, 'must be an IP address or a host name') },
  baseUrl: {
    env: 'BASE_URL',
    fallback: '',
    help: 'Address that people use, such as https://forms.example.org; default http://HOST:PORT.',
    read: (text: string) => {
      if (text === '') return ''
      const url = URL.canParse(text) ? new URL(text) : null
      return url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
        ? url.origin
        : { wrong: 'must be an http or https address without a path' }
    },
  },
  dataDir: { env: 'DATA_DIR', fallback: resolve(root, 'data'), help: 'Folder for the database, files and keys.', read: folder },
  databaseUrl: {
    env: 'DATABASE_URL',
    fallback: '',
    help: 'PostgreSQL, such as postgres://guichet_app:password@host/guichet?sslmode=verify-full; without one SQLite in DATA_DIR.',
    secret: true,
    read: orNone(postgresUrl),
  },
  databaseOwnerUrl: {
    env: 'DATABASE_OWNER_URL',
    fallback: '',
    help: 'The same database as the role that owns its tables; makes and changes them at the start.',
    secret: true,
    read: orNone(postgresUrl),
  },
  s3Endpoint: {
    env: 'S3_ENDPOINT',
    fallback: '',
    help: 'Object store for attachments (any that speaks S3), such as https://s3.eu-central-1.amazonaws.com; without one files in DATA_DIR.',
    read: orNone((text) => {
      const url = URL.canParse(text) ? new URL(text) : null
      return url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
        ? url.origin
        : { wrong: 'must be an http or https address without a path' }
    }),
  },
  s3Bucket: {
    env: 'S3_BUCKET',
    fallback: '',
    help: 'Its bucket, which must be there.',
    read: orNone(matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be 3 to 63 small letters, digits, dots and -')),
  },
  s3Region: { env: 'S3_REGION', fallback: 'us-east-1', help: 'Its region.', read: matching(/^[a-z0-9-]{1,60}$/, 'must be small letters, digits and -') },
  s3AccessKeyId: {
    env: 'S3_ACCESS_KEY_ID',
    fallback: '',
    help: 'Who we are there: may put, get, delete and list in that bucket.',
    secret: true,
    read: orNone(matching(/^[\x21-\x2b\x2d\x2e\x30-\x7e]{1,200}$/, 'must be plain signs without a comma or slash')),
  },
  s3SecretAccessKey: {
    env: 'S3_SECRET_ACCESS_KEY',
    fallback: '',
    help: 'The secret of it.',
    secret: true,
    read: orNone(matching(/^[\x21-\x7e]{1,200}$/, 'must be plain signs')),
  },
  s3Addressing: {
    env: 'S3_ADDRESSING',
    fallback: 'path',
    help: 'Where the bucket stands: "path" for https://host/bucket, "host" for https://bucket.host.',
    read: (text: string) => (text === 'path' || text === 'host' ? text : { wrong: 'must be "path" or "host"' }),
  },
  databaseBackupUrl: {
    env: 'DATABASE_BACKUP_URL',
    fallback: '',
    help: 'The same database as a role with BYPASSRLS that reads everything, for guichet backup; by default that of DATABASE_OWNER_URL.',
    secret: true,
    read: orNone(postgresUrl),
  },
  demoPort: { env: 'DEMO_PORT', fallback: '8081', help: 'Port of the demo agency page, or "off".', read: orOff(whole(0, 65535)) },
  examplesDir: {
    env: 'EXAMPLES_DIR',
    fallback: resolve(root, 'examples'),
    help: 'Services to try, published at the first start without their opening windows, or "off".',
    read: orOff(folder),
  },
  agency: {
    env: 'AGENCY',
    fallback: 'demo',
    help: 'Short name of the agency made at the first start; part of addresses.',
    read: matching(/^[a-z][a-z0-9-]{0,59}$/, 'must be small Latin letters, digits and -'),
  },
  agencyName: { env: 'AGENCY_NAME', fallback: 'Demo agency', help: 'Its name, for people.', read: matching(/^.{1,200}$/, 'must have 1 to 200 characters') },
  logLevel: {
    env: 'LOG_LEVEL',
    fallback: 'info',
    help: `One of ${levels.join(', ')}.`,
    read: (text: string) => (levels.includes(text) ? (text as LevelWithSilent) : { wrong: `must be one of ${levels.join(', ')}` }),
  },
  trustProxy: { env: 'TRUST_PROXY', fallback: '0', help: 'Number of proxies in front whose X-Forwarded-For is believed.', read: whole(0, 10) },
  connectionsPerAddress: {
    env: 'CONNECTIONS_PER_ADDRESS',
    fallback: '1000',
    help: 'Most connections of one address (of IPv6, of its first 64 bits) at once; 0 for no limit. With TRUST_PROXY every connection is the proxy’s, and the limit is the proxy’s to set.',
    read: whole(0, 10000),
  },
  maxUploadBytes: { env: 'MAX_UPLOAD_BYTES', fallback: '26214400', help: 'Largest file taken, whatever a service says.', read: whole(1, 2147483648) },
  stopDelaySeconds: {
    env: 'STOP_DELAY_SECONDS',
    fallback: '0',
    help: 'When told to stop, /readyz says no for so long before connections are refused; behind a load balancer longer than it takes to notice.',
    read: whole(0, 600),
  },
  requestTimeoutSeconds: { env: 'REQUEST_TIMEOUT_SECONDS', fallback: '30', help: 'Longest time a request may take to arrive.', read: whole(1, 3600) },
  dev: {
    env: 'GUICHET_DEV',
    fallback: '0',
    help: '1: pages reload when they were built again; "npm run dev" sets it.',
    read: (text: string) => (text === '0' || text === '1' ? text === '1' : { wrong: 'must be 0 or 1' }),
  },
  purgeAfterHours: { env: 'PURGE_AFTER_HOURS', fallback: '48', help: 'Uploaded files that no submission claims are removed after this.', read: whole(1, 8760) },
  draftDays: { env: 'DRAFT_DAYS', fallback: '30', help: 'Saved applications are kept for this many days after the last save.', read: whole(1, 366) },
  rootKeys: {
    env: 'ROOT_KEYS',
    fallback: '',
    help: 'Where the root keys are that wrap the keys of the months: a folder on another disk, or command:/path/of/program for a key service. Default: DATA_DIR/keys/roots.',
    read: orNone((text) => {
      if (!text.startsWith('command:')) return folder(text)
      return /^command:\/\S+$/.test(text) ? text : { wrong: 'must be a folder, or command: and the whole path of a program' }
    }),
  },
  publishStatistics: {
    env: 'PUBLISH_STATISTICS',
    fallback: 'off',
    help: 'Agencies whose statistics anyone may read: their names, separated by commas, "all" or "off".',
    read: (text: string) => {
      if (text === 'off') return []
      if (text === 'all') return ['*']
      const names = text.split(',').flatMap((name) => name.trim() || [])
      return names.every((name) => /^[a-z][a-z0-9-]{0,59}$/.test(name)) ? names : { wrong: 'must be names of agencies separated by commas, "all" or "off"' }
    },
  },
  statisticsLicence: {
    env: 'STATISTICS_LICENCE',
    fallback: 'https://creativecommons.org/licenses/by/4.0/',
    help: 'Address of the licence of published statistics.',
    read: (text: string) => (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : { wrong: 'must be an http or https address' }),
  },
  visitsPerCase: {
    env: 'VISITS_PER_CASE',
    fallback: '1',
    help: 'Visits that a case took before it was online, for services that do not say so themselves.',
    read: (text: string) => (/^\d{1,2}(\.\d{1,2})?$/.test(text) && Number(text) <= 20 ? Number(text) : { wrong: 'must be a number from 0 to 20' }),
  },
  smtpUrl: {
    env: 'SMTP_URL',
    fallback: '',
    help: 'Mail server, such as smtps://user:password@mail.example.org; no mail is sent without one.',
    secret: true,
    read: orNone((text) => {
      const url = URL.canParse(text) ? new URL(text) : null
      return url && /^smtps?:$/.test(url.protocol) && url.hostname && /^\/?$/.test(url.pathname) && !url.search && !url.hash
        ? text
        : { wrong: 'must be an address that begins with smtp:// or smtps:// and has no path' }
    }),
  },
  mailFrom: {
    env: 'MAIL_FROM',
    fallback: '',
    help: 'Sender of mail, such as City of Example <no-reply@example.org>.',
    read: orNone(
      matching(
        /^(?:[^<>@,;"\p{C}]{0,100}<[^\s<>@,;"\p{C}]+@[^\s<>@,;"\p{C}]+>|[^\s<>@,;"\p{C}]+@[^\s<>@,;"\p{C}]+)$/u,
        'must be one address, with or without a name before it in <>',
      ),
    ),
  },
  smsUrl: {
    env: 'SMS_URL',
    fallback: '',
    help: 'Gateway that takes short messages by POST of JSON, such as https://sms.example.org/send; none are sent without one.',
    secret: true,
    read: orNone((text) => {
      const url = URL.canParse(text) ? new URL(text) : null
      return url && /^https?:$/.test(url.protocol) && !url.username && !url.hash ? text : { wrong: 'must be an http or https address without a password' }
    }),
  },
  smsAuthorization: {
    env: 'SMS_AUTHORIZATION',
    fallback: '',
    help: 'What its Authorization header says, such as Bearer 12345.',
    secret: true,
    read: orNone(matching(/^[\x21-\x7e][\x20-\x7e]{0,999}$/, 'must be plain signs on one line')),
  },
  smsBody: {
    env: 'SMS_BODY',
    fallback: '{"to":"{number}","text":"{text}","id":"{id}"}',
    help: 'The JSON it wants; {number}, {text}, {language} and {id} in its texts are filled in.',
    read: (text: string) => {
      try {
        JSON.parse(text)
        return text.includes('{number}') && text.includes('{text}') ? text : { wrong: 'must name {number} and {text}' }
      } catch {
        return { wrong: 'must be JSON' }
      }
    },
  },
  smsPerHour: { env: 'SMS_PER_HOUR', fallback: '300', help: 'Most short messages that each agency sends in an hour.', read: whole(1, 1000000) },
  egressAllow: {
    env: 'EGRESS_ALLOW',
    fallback: '',
    help: 'Where deliveries may go besides https on public addresses: host:port, separated by commas.',
    read: (text: string) => {
      const places = text.split(',').flatMap((place) => place.trim() || [])
      const wrong = places.find((place) => !/^(?:\[[0-9A-Fa-f:.]+\]|[^\s:/@*[\]]+):\d{1,5}$/.test(place))
      return wrong === undefined ? places : { wrong: 'must be a list of host:port, separated by commas' }
    },
  },
  scannerUrl: {
    env: 'SCANNER_URL',
    fallback: 'off',
    help: 'ClamAV, which looks at every file when it comes and before it is handed out: clamd:///run/clamav/clamd.ctl or clamd://host:3310.',
    read: (text: string) =>
      text === 'off'
        ? null
        : /^clamd:\/\/(?:\/.+|[^/]+\/?)$/.test(text) && URL.canParse(text)
          ? text
          : { wrong: 'must be off, or an address such as clamd://host:3310' },
  },
  setupLink: {
    env: 'SETUP_LINK',
    fallback: 'on',
    help: 'on: while there is no user, each start prints a link to set up the first one; off: only guichet init does, so that no log has it.',
    read: (text: string) => (text === 'on' || text === 'off' ? text === 'on' : { wrong: 'must be on or off' }),
  },
  signInProviders: {
    env: 'SIGN_IN_PROVIDERS',
    fallback: '',
    help: 'File (JSON) that lists, by agency, who citizens sign in with; nobody without one.',
    read: (text: string, env: Readonly<Record<string, string | undefined>>) => (text === '' ? {} : readProviders(folder(text), env)),
  },
  checkpointSeconds: {
    env: 'CHECKPOINT_SECONDS',
    fallback: '10',
    help: 'The audit logs are signed this often, if there is something new.',
    read: whole(1, 55),
  },
  witnesses: {
    env: 'WITNESSES',
    fallback: '',
    help: 'Who signs, besides, that the audit logs only grow: the key that "guichet witness" prints, a space and its address; several separated by commas.',
    read: (text: string) => {
      const parts = text.split(',').flatMap((part) => part.trim() || [])
      const found = parts.map((part) => /^([^\s+,]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{43}[A-Za-z0-9+/=]) (https?:\/\/\S+)$/.exec(part))
      return found.every((each) => each !== null && URL.canParse(each[2] as string))
        ? found.map((each) => ({ key: each?.[1] as string, url: each?.[2] as string }))
        : { wrong: 'must be keys and addresses, with a space between and commas after each' }
    },
  },
  metricsPort: {
    env: 'METRICS_PORT',
    fallback: 'off',
    help: 'Port of /metrics for Prometheus, or "off". It asks nobody who they are: keep it inside.',
    read: orOff(whole(0, 65535)),
  },
  metricsHost: {
    env: 'METRICS_HOST',
    fallback: '127.0.0.1',
    help: 'Address that /metrics listens on.',
    read: matching(/^[A-Za-z0-9.:_-]+$/, 'must be an IP address or a host name'),
  },
  tracesUrl: {
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    fallback: '',
    help: 'OpenTelemetry collector that takes OTLP over HTTP, such as http://127.0.0.1:4318; no traces without one.',
    read: orNone((text) =>
      URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !new URL(text).search && !new URL(text).hash
        ? text.replace(/\/+$/, '')
        : { wrong: 'must be an http or https address' },
    ),
  },
} satisfies { [Name in Exclude<keyof Config, 'baseUrlGiven'>]: Setting<Config[Name]> }

/** Thrown with every mistake named, not only the first. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[]
  constructor(mistakes: readonly string[]) {
    super(`The configuration has mistakes:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
    this.mistakes = mistakes
  }
}

/** The base address of a server that listens on `host` and `port`. A wildcard address is no address to visit. */
export const defaultBaseUrl = (host: string, port: number) =>
  `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`

/** A secret may stand in a file that the environment names: what runs containers and services keeps secrets so. */
function textOf(
  { env: name, fallback, secret }: Setting<unknown>,
  env: Readonly<Record<string, string | undefined>>,
): string | { wrong: string; from: string } {
  const from = `${name}_FILE`
  const path = secret && env[from]
  if (!path) return env[name] ?? fallback
  if (env[name]) return { from, wrong: `is set, and so is ${name}: one of them is enough` }
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    return { from, wrong: `names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${path}` }
  }
}

/** @throws ConfigError */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const mistakes: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries<Setting<unknown>>(settings)) {
    const given = textOf(setting, env)
    const value = typeof given === 'string' ? setting.read(given, env) : given
    if (typeof value === 'object' && value !== null && 'wrong' in value)
      mistakes.push(`${'from' in value ? value.from : setting.env} ${value.wrong}${setting.secret ? '' : `, not ${JSON.stringify(env[setting.env])}`}.`)
    else values[name] = value
  }
  if (values.port !== 0 && values.port !== undefined && values.port === values.demoPort)
    mistakes.push('DEMO_PORT must differ from PORT: the demo page stands on another origin.')
  if (values.databaseBackupUrl && values.databaseUrl === null) mistakes.push('DATABASE_URL must be set where DATABASE_BACKUP_URL is.')
  if (values.port !== undefined && values.metricsPort !== 0 && values.metricsPort === values.port)
    mistakes.push('METRICS_PORT must differ from PORT: what is inside is not for the internet.')
  if (values.smtpUrl && values.mailFrom === null) mistakes.push('MAIL_FROM must be set where SMTP_URL is: mail needs a sender.')
  if (values.databaseOwnerUrl && values.databaseUrl === null)
    mistakes.push('DATABASE_URL must be set where DATABASE_OWNER_URL is: the server does not work as the owner.')
  const s3 = {
    S3_ENDPOINT: values.s3Endpoint,
    S3_BUCKET: values.s3Bucket,
    S3_ACCESS_KEY_ID: values.s3AccessKeyId,
    S3_SECRET_ACCESS_KEY: values.s3SecretAccessKey,
  }
  const s3Given = Object.values(s3).filter((value) => value !== null && value !== undefined)
  if (s3Given.length > 0)
    for (const [name, value] of Object.entries(s3)) if (value === null) mistakes.push(`${name} must be set where the other S3_ settings are.`)
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  const config = values as unknown as Config
  const given = config.baseUrl !== ''
  return { ...config, baseUrlGiven: given, baseUrl: given ? config.baseUrl : defaultBaseUrl(config.host, config.port) }
}

export interface SettingInfo {
  env: string
  /** What holds where it is not set; empty: nothing. */
  fallback: string
  help: string
  secret: boolean
}

/** Every setting, for help, the file that `guichet init` writes, and the documentation. */
export const settingsList = (): SettingInfo[] =>
  Object.values<Setting<unknown>>(settings).map(({ env, fallback, help, secret = false }) => ({ env, fallback: fallback.replace(root, './'), help, secret }))

/** The lines of `--help` about settings. */
export const settingsHelp = () =>
  [
    ...settingsList().map(({ env, fallback, help }) => `  ${env.padEnd(28)}${help}${fallback ? ` Default: ${fallback}` : ''}`),
    `  Secrets may stand in files: ${settingsList()
      .filter(({ secret }) => secret)
      .map(({ env }) => `${env}_FILE`)
      .join(', ')} name them.`,
  ].join('\n')
