/** What a builder's page gives to be measured by: how its canvas and its settings are found, and how it is driven. */
export interface Handle {
  /** Whether the canvas shows this field, which is the last (ours: and each one before it, with label and input), and palette and settings are there. */
  isUsable(last: string): boolean
  /** The label of a field as the canvas shows it. */
  labelOf(key: string): Element | null
  /** Chooses a field, by its key or by what it is called, so that its settings come. */
  choose(key: string, name: string): void
  /** The input of the label of the field that is chosen. */
  input(): HTMLElement | null
  /** What brings a change to the canvas, where typing alone does not. */
  finish?(): void
  /** Takes the focus to where Ctrl+Z undoes an edit; absent: there is no undo. */
  beforeUndo?(): void
}

/** What is put into each page before its own scripts. */
export interface Probe {
  handle: Handle | undefined
  /** From the start of the navigation to the frame in which it can be used. */
  usable(last: string, timeout: number): Promise<number>
  /** From the call to the frame in which the settings of a field are there. */
  choose(key: string, name: string, timeout: number): Promise<number>
  /** The focus in the input of the label, the caret at its end; gives its text. */
  focus(): string
  /** From the next key press to the frame in which the canvas says this of a field; `finish`: with what brings it there. */
  arm(key: string, text: string, timeout: number): Promise<void>
  armed(): Promise<number>
}

declare global {
  var probe: Probe
}
