/**
 * What is told of a large file on its way: the time that is left, to be read, and now and then a sentence for those who do
 * not see it: at each quarter, when the line goes and when it is back. Nothing else is said, so that nobody is talked over.
 */
import type { UploadState } from '@guichet/fields/field-view'
import { stringsIn } from './strings-in.ts'
import strings from './upload-strings.json' with { type: 'json' }
import type { Words } from './words.ts'

/** Seconds of sending before a guess is worth anything. */
const firstGuess = 3
const minute = 60

/** `isLarge`: it takes long enough for how far it has come to be told. `now` gives milliseconds. */
export function teller(words: Words, name: string, isLarge: boolean, now: () => number = () => performance.now()) {
  words.learn(stringsIn(strings, words.language))
  const { message, language } = words
  const percent = (done: number) => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(done)
  let began: { at: number; done: number } | null = null
  let quarter = 0
  let waited = false

  /** In words, or null while nobody can tell. Rounded up, so that it is there sooner rather than later. */
  const left = (done: number): string | null => {
    if (!began || done <= began.done || done >= 1) return null
    const passed = (now() - began.at) / 1000
    if (passed < firstGuess) return null
    const seconds = ((1 - done) / (done - began.done)) * passed
    const [value, unit] = seconds > 1.5 * minute ? [Math.ceil(seconds / minute), 'minute'] : [Math.max(10, Math.ceil(seconds / 10) * 10), 'second']
    const time = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
    return message('uploading.left', { time })
  }

  return (done: number, waiting: boolean): UploadState => {
    if (waiting) {
      // How long it takes is measured anew: the line may be another.
      began = null
      const said = waited ? undefined : message('uploading.waits', { name })
      waited = true
      return { waiting, note: message('uploading.waiting'), said }
    }
    const back = waited
    waited = false
    if (!isLarge) return { waiting, said: back ? message('uploading.goesOn', { name }) : undefined }
    began ??= { at: now(), done }
    const guess = left(done)
    const note = [percent(done), ...(guess === null ? [] : [guess])].join(' · ')
    const reached = Math.floor(done * 4)
    const said = back
      ? message('uploading.goesOn', { name })
      : reached > quarter && reached < 4
        ? message('uploading.quarter', { name, percent: percent(reached / 4), left: guess ?? '' }).trim()
        : undefined
    quarter = Math.max(quarter, reached)
    return { waiting, note, said }
  }
}
