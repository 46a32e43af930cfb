/**
 * How hard texts are to read, by measures that need no syllables, so that they hold in scripts without vowels as well.
 *
 * Length of sentences, in words: at most 25 in English (GOV.UK content design guidance). A word is not the same everywhere.
 * Vietnamese writes each syllable by itself, so that the same sentence has more of them; Hungarian and Finnish say in an ending
 * what English needs words for, so that it has fewer. For those two ways of writing the limit is moved by our own judgement; no
 * norm is known to us.
 *
 * LIX (C. H. Björnsson, Läsbarhet, 1968): words per sentence, and of a hundred words those of more than six letters; above 50 is
 * hard. Compared by its author across newspapers in eleven languages (Readability of newspapers in 11 languages, Reading
 * Research Quarterly 18, 1983); elsewhere it is not said, because nobody has shown what its figures would mean there.
 */
import { type LintRule, warning } from './finding.ts'

const usual = 25
const longest: Readonly<Record<string, number>> = { vi: 38, hu: 20, fi: 20 }
/** Of Björnsson's eleven. Finnish and Russian are left out: their words are so long that his scale calls any text hard. */
const lixLanguages = new Set(['en', 'da', 'de', 'es', 'fr', 'it', 'no', 'nb', 'nn', 'pt', 'sv'])
const hardLix = 50
/** LIX of less than this says little. */
const leastWords = 100

/** Names are no sentences, and the law's own words are not the author's to shorten. */
const notRead = new Set(['legalBasis', 'name', 'alt'])

const segmenters = new Map<string, Intl.Segmenter>()
function segmenter(language: string): Intl.Segmenter {
  const held = segmenters.get(language) ?? new Intl.Segmenter(language, { granularity: 'sentence' })
  segmenters.set(language, held)
  return held
}

const wordsOf = (text: string) => text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’\u200c-]*/gu) ?? []

/** Sentences as Unicode's rules part them (UAX 29), lines and points of lists included. */
const sentencesOf = (text: string, language: string) =>
  text
    .split(/\n+/)
    .flatMap((line) => [...segmenter(language).segment(line)].map(({ segment }) => segment))
    .filter((sentence) => wordsOf(sentence).length > 0)

export const hardTexts: LintRule = function* ({ definition, texts }) {
  for (const language of definition.languages) {
    const base = language.split('-')[0] as string
    const most = longest[base] ?? usual
    const measuresLix = lixLanguages.has(base)
    let [words, long, sentences] = [0, 0, 0]
    for (const { text, property, pointer } of texts) {
      const written = text[language]
      if (!written || notRead.has(property)) continue
      const all = wordsOf(written)
      // Most texts are labels: what has few words has no long sentence.
      const parted = all.length > most ? sentencesOf(written, language) : null
      const counted = parted?.map((sentence) => wordsOf(sentence).length) ?? []
      const worst = Math.max(0, ...counted)
      if (worst > most) yield warning('sentence.long', `${pointer}/${language}`, { count: worst, most, language })
      if (!measuresLix || all.length < 5) continue
      words += all.length
      sentences += parted?.length ?? sentencesOf(written, language).length
      long += all.filter((word) => [...word].length > 6).length
    }
    if (words < leastWords) continue
    const lix = Math.round(words / sentences + (100 * long) / words)
    if (lix > hardLix) yield warning('reading.hard', '/title', { lix, most: hardLix, language })
  }
}
