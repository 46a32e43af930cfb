/**
 * Types that nearly every service has. Their views are at hand when a service is shown; what they say about wrong answers
 * is not: it comes with the checking of answers, and a first page is shown sooner without it.
 */
export const usualTypes: ReadonlySet<string> = new Set('text textarea email number radio select checkboxes date'.split(' '))

/** What their views draw with, whatever was answered. usual.test.ts draws them all. */
const drawn = /^(?:date\.(?:label\w+|meant)|select\.choose)$/

/** Whether a string, by its whole key, is said only of wrong answers to the usual types. */
export const saidLater = (key: string): boolean => usualTypes.has(key.split('.')[0] as string) && !drawn.test(key)
