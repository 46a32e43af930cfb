/** Made-up numbers of three years for the examples, the same at each run: for pictures and for tests of the page. */
import type { Adapters } from '@guichet/server'

type Agency = ReturnType<Adapters['store']['agency']>
type Count = Parameters<Agency['count']>[0][number]

export async function fillStatistics(agency: Agency, from = '2024-01', months = 36): Promise<void> {
  const services = (await agency.published()).map(({ service }) => service)
  const counts: Count[] = []
  let state = 7
  /** Between 0.85 and 1.15. */
  const wobble = () => 0.85 + 0.3 * ((state = (state * 16_807) % 2_147_483_647) / 2_147_483_647)
  for (let month = 0; month < months; month++) {
    const at = Number(from.slice(0, 4)) * 12 + Number(from.slice(5)) - 1 + month
    const day = `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}-15`
    for (const [i, service] of services.entries()) {
      const size = (2400 / (i + 1) ** 1.6) * 1.02 ** month * (1 + 0.25 * Math.sin((month + i) / 1.9)) * wobble()
      const add = (measure: Count['measure'], share: number, channel = '', language = '') => {
        const count = Math.round(size * share)
        if (count > 0) counts.push({ service, day, measure, channel, language, count })
      }
      for (const [language, part] of [
        ['en', 0.62],
        ['el', 0.37],
        ['vi', 0.0012],
      ] as const)
        for (const [channel, share] of [
          ['web', 0.5],
          ['embedded', 0.41],
          ['assisted', 0.07],
          ['program', 0.02],
        ] as const) {
          add('opened', 2.9 * part * share, channel, language)
          add('started', 1.5 * part * share, channel, language)
          add('sent', part * share, channel, language)
        }
      add('handed_in', 0.05)
      add('finished', 0.94)
      add('in_term', 0.86)
      add('late', 0.05)
      add('returned', 0.11)
      add('looked_up', 2.2)
    }
    counts.push({ service: '', day, measure: 'exchanged', channel: '', language: '', count: 5200 + month * 40 })
    counts.push({ service: '', day, measure: 'signed_in', channel: 'staff', language: '', count: 640 + month })
    counts.push({ service: '', day, measure: 'signed_in', channel: 'citizen', language: '', count: 4100 + 9 * month })
  }
  await agency.count(counts)
}
