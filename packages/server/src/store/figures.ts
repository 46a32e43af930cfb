/** What an operator watches. No figure is about anybody. */
export interface StoreFigures {
  /** Deliveries still to be made, and given up. */
  waiting: number
  dead: number
  /** When the oldest of those that wait was planned, RFC 3339; null: none waits. */
  oldestWaiting: string | null
  drafts: number
  /** Of the database on disk. */
  bytes: number
}
