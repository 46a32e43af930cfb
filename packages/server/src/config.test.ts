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

  it('keeps the demo page on another origin', () => {
    expect(() => readConfig({ PORT: '8081' })).toThrow(ConfigError)
    expect(readConfig({ PORT: '0', DEMO_PORT: '0' })).toMatchObject({ port: 0, demoPort: 0 })
  })

  it('is what help lists', () => {
    for (const name of ['PORT', 'HOST', 'BASE_URL', 'DATA_DIR', 'DEMO_PORT', 'EXAMPLES_DIR', 'AGENCY', 'LOG_LEVEL', 'TRUST_PROXY'])
      expect(settingsHelp()).toMatch(new RegExp(`^ {2}${name} `, 'm'))
  })
})
