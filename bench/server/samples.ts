/** Memory and open files of a process, looked at as it works. */
import { memoryOf, openFiles } from './place.ts'
import { slope } from './slope.ts'

/** Seconds since the first look, bytes of resident memory, open files. */
export type Sample = [seconds: number, memory: number, files: number]

export interface Watched {
  /** At most 30 of the samples; slopes of the last two thirds: before that caches fill and code is compiled. */
  figures(): { samples: Sample[]; bytesPerMinute: number; filesPerMinute: number }
  end(): void
}

export function samplesOf(pid: number, seconds: number, tell: (line: string) => void): Watched {
  const samples: Sample[] = []
  const began = performance.now()
  const look = () => {
    const sample: Sample = [Math.round((performance.now() - began) / 1000), memoryOf(pid), openFiles(pid)]
    samples.push(sample)
    if (samples.length % 12 === 1) tell(`after ${sample[0]} s: ${Math.round(sample[1] / 1e6)} MB, ${sample[2]} files`)
  }
  const timer = setInterval(look, seconds >= 300 ? 10_000 : 1000)
  return {
    figures() {
      const late = samples.filter(([at]) => at >= seconds / 3)
      const perMinute = (place: 1 | 2) => slope(late.map((each) => [each[0] / 60, each[place]] as const))
      return { samples: samples.filter((_, i) => i % Math.ceil(samples.length / 30) === 0), bytesPerMinute: perMinute(1), filesPerMinute: perMinute(2) }
    },
    end: () => clearInterval(timer),
  }
}
