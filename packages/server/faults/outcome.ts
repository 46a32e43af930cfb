/** What a fault showed. */
export interface Outcome {
  /** Nothing was lost or doubled, and the control was noticed. */
  good: boolean
  /** It took longer than demanded. Apart, because a busy machine proves nothing about the server. */
  slow?: boolean
  /** What happened, with figures, and what the control did. */
  line: string
}
