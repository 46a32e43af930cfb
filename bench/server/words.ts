/** Text that is no secret and no noise: words of a small vocabulary, the same for the same seed. */
const vocabulary =
  'the a works on of house wall roof garden street north south old new stone brick timber water drain window door begin end week month permit neighbour owner before after without between repair build remove carry store delivery noise dust morning evening access path gate fence tree plan drawing metre floor room stair cellar'.split(
    ' ',
  )

/** Words up to exactly `length` characters, without a space at the end. */
export function words(seed: number, length: number): string {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0
  let text = ''
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += `${vocabulary[(state >>> 8) % vocabulary.length]} `
  }
  return text.slice(0, length).replace(/ $/, 's')
}
