import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig, settingsHelp } from './config.ts'

describe('configuration', () => {
  it('has defaults for everything', () => {
    expect(readConfig({})).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      baseUrl: 'http://127.0.0.1:8080',
      baseUrlGiven: false,
      demoPort: 8081,
      agency: 'demo',
      dev: false,
    })
    expect(readConfig({ BASE_URL: 'https://forms.example.org/' })).toMatchObject({ baseUrl: 'https://forms.example.org', baseUrlGiven: true })
    expect(readConfig({ HOST: '0.0.0.0', PORT: '3000' }).baseUrl).toBe('http://127.0.0.1:3000')
    expect(readConfig({ DEMO_PORT: 'off', EXAMPLES_DIR: 'off' })).toMatchObject({ demoPort: null, examplesDir: null })
  })

  it('names every mistake at once', () => {
    const env = {
      PORT: '99999',
      HOST: 'a b',
      BASE_URL: 'ftp://x',
      DEMO_PORT: 'no',
      AGENCY: 'Über',
      LOG_LEVEL: 'loud',
      TRUST_PROXY: '-1',
      GUICHET_DEV: 'yes',
      PURGE_AFTER_HOURS: '',
    }
    let mistakes: readonly string[] = []
    try {
      readConfig(env)
    } catch (error) {
      mistakes = (error as ConfigError).mistakes
    }
    expect(mistakes.map((mistake) => mistake.split(' ')[0])).toEqual([
      'PORT',
      'HOST',
      'BASE_URL',
      'DEMO_PORT',
      'AGENCY',
      'LOG_LEVEL',
      'TRUST_PROXY',
      'GUICHET_DEV',
      'PURGE_AFTER_HOURS',
    ])
  })

  it('takes a database for the server’s own role, and repeats no password', () => {
    expect(readConfig({})).toMatchObject({ databaseUrl: null, databaseOwnerUrl: null })
    const databaseUrl = 'postgres://guichet_app:secret@db.example/guichet?sslmode=verify-full'
    expect(readConfig({ DATABASE_URL: databaseUrl })).toMatchObject({ databaseUrl })
    for (const env of [{ DATABASE_URL: 'mysql://root:secret@db.example' }, { DATABASE_OWNER_URL: databaseUrl }]) {
      expect(() => readConfig(env)).toThrow(/DATABASE_URL/)
      expect(() => readConfig(env)).not.toThrow(/secret/)
    }
  })

  it('sends mail only with a sender, and repeats no password of the mail server', () => {
    expect(readConfig({})).toMatchObject({ smtpUrl: null, mailFrom: null, egressAllow: [] })
    const given = { SMTP_URL: 'smtps://user:secret@mail.example.org', MAIL_FROM: 'City <no-reply@example.org>' }
    expect(readConfig(given)).toMatchObject({ smtpUrl: given.SMTP_URL, mailFrom: given.MAIL_FROM })
    expect(() => readConfig({ SMTP_URL: given.SMTP_URL })).toThrow(/MAIL_FROM/)
    for (const SMTP_URL of ['https://user:secret@mail.example.org', 'smtp://user:secret@', 'smtp://user:secret@mail.example.org/?pool=true', 'secret']) {
      expect(() => readConfig({ ...given, SMTP_URL })).toThrow(/SMTP_URL/)
      expect(() => readConfig({ ...given, SMTP_URL })).not.toThrow(/secret/)
    }
    for (const MAIL_FROM of ['City', 'a@b, c@d', 'City <a@b>, x', 'a@b\r\nBcc: c@d', 'City\n<a@b>', '<>'])
      expect(() => readConfig({ ...given, MAIL_FROM }), MAIL_FROM).toThrow(/MAIL_FROM/)
  })

  it('lists where deliveries may go besides the internet', () => {
    expect(readConfig({ EGRESS_ALLOW: ' 127.0.0.1:9000, hooks.intra.example:443,[::1]:80,' }).egressAllow).toEqual([
      '127.0.0.1:9000',
      'hooks.intra.example:443',
      '[::1]:80',
    ])
    for (const EGRESS_ALLOW of ['hooks.example', 'http://hooks.example:80', '*:80', 'a:80 b:80', '::1:80'])
      expect(() => readConfig({ EGRESS_ALLOW }), EGRESS_ALLOW).toThrow(/EGRESS_ALLOW/)
  })

  it('takes an object store whole or not at all, and repeats no secret', () => {
    expect(readConfig({})).toMatchObject({ s3Endpoint: null, s3Addressing: 'path', s3Region: 'us-east-1' })
    const given = { S3_ENDPOINT: 'https://s3.example.org', S3_BUCKET: 'files', S3_ACCESS_KEY_ID: 'AK', S3_SECRET_ACCESS_KEY: 'very/secret+' }
    expect(readConfig({ ...given, S3_ADDRESSING: 'host' })).toMatchObject({
      s3Endpoint: given.S3_ENDPOINT,
      s3SecretAccessKey: 'very/secret+',
      s3Addressing: 'host',
    })
    for (const name of Object.keys(given)) {
      const part = { ...given, [name]: undefined }
      expect(() => readConfig(part)).toThrow(new RegExp(`${name} must be set`))
      expect(() => readConfig(part)).not.toThrow(/very/)
    }
    for (const wrong of [
      { S3_ENDPOINT: 'https://s3.example.org/bucket' },
      { S3_BUCKET: '../x' },
      { S3_ADDRESSING: 'dns' },
      { S3_SECRET_ACCESS_KEY: 'very secret' },
    ]) {
      expect(() => readConfig({ ...given, ...wrong })).toThrow(new RegExp(Object.keys(wrong)[0] as string))
      expect(() => readConfig({ ...given, ...wrong })).not.toThrow(/very/)
    }
  })

  it('reads a secret from the file that is named for it, and says which file is wrong', () => {
    const folder = mkdtempSync(join(tmpdir(), 'guichet-config-'))
    const path = join(folder, 'database')
    writeFileSync(path, 'postgres://guichet_app:secret@db.example/guichet\n')
    expect(readConfig({ DATABASE_URL_FILE: path }).databaseUrl).toBe('postgres://guichet_app:secret@db.example/guichet')
    // Empty is how a compose file says nothing.
    expect(readConfig({ DATABASE_URL_FILE: '', SMTP_URL_FILE: '' })).toMatchObject({ databaseUrl: null, smtpUrl: null })
    expect(() => readConfig({ DATABASE_URL_FILE: join(folder, 'none') })).toThrow(/DATABASE_URL_FILE names a file that cannot be read \(ENOENT\)/)
    expect(() => readConfig({ DATABASE_URL_FILE: path, DATABASE_URL: 'postgres://a@b/c' })).toThrow(/DATABASE_URL_FILE is set, and so is DATABASE_URL/)
    writeFileSync(path, 'mysql://root:secret@db.example')
    expect(() => readConfig({ DATABASE_URL_FILE: path })).toThrow(/DATABASE_URL must/)
    expect(() => readConfig({ DATABASE_URL_FILE: path })).not.toThrow(/secret/)
    // What is no secret is not looked for in files.
    expect(readConfig({ AGENCY_FILE: path }).agency).toBe('demo')
    rmSync(folder, { recursive: true })
  })

  it('keeps metrics and set-up links inside', () => {
    expect(readConfig({})).toMatchObject({ metricsPort: null, metricsHost: '127.0.0.1', setupLink: true, tracesUrl: null })
    expect(readConfig({ METRICS_PORT: '9464', SETUP_LINK: 'off', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/' })).toMatchObject({
      metricsPort: 9464,
      setupLink: false,
      tracesUrl: 'http://127.0.0.1:4318',
    })
    expect(() => readConfig({ PORT: '9464', METRICS_PORT: '9464' })).toThrow(/METRICS_PORT must differ/)
    // One mistake is no second one.
    expect(() => readConfig({ PORT: 'x', METRICS_PORT: 'y' })).not.toThrow(/differ/)
    expect(() => readConfig({ SETUP_LINK: 'maybe', OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' })).toThrow(
      /SETUP_LINK must[\s\S]*OTEL_EXPORTER_OTLP_ENDPOINT must/,
    )
    expect(() => readConfig({ DATABASE_BACKUP_URL: 'postgres://a@b/c' })).toThrow(/DATABASE_URL must be set/)
  })

  it('keeps the demo page on another origin', () => {
    expect(() => readConfig({ PORT: '8081' })).toThrow(ConfigError)
    expect(readConfig({ PORT: '0', DEMO_PORT: '0' })).toMatchObject({ port: 0, demoPort: 0 })
  })

  it('is what help lists', () => {
    for (const name of [
      'PORT',
      'HOST',
      'BASE_URL',
      'DATA_DIR',
      'DEMO_PORT',
      'EXAMPLES_DIR',
      'AGENCY',
      'LOG_LEVEL',
      'TRUST_PROXY',
      'SMTP_URL',
      'MAIL_FROM',
      'EGRESS_ALLOW',
    ])
      expect(settingsHelp()).toMatch(new RegExp(`^ {2}${name} `, 'm'))
  })
})
