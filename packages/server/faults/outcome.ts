/** What a fault showed. */
export interface Outcome {
  good: boolean
  /** What happened, with figures, and what the control did. */
  line: string
}
