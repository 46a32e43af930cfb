/**
 * Leaving a box takes what was typed, and what is drawn anew then can move the very button that is being pressed: the
 * pointer comes up beside it, and browsers call that no click. Whoever has not moved the pointer meant the button.
 */

/** Pixels that a hand may shake. */
const shake = 6
const pressable = 'button, summary, label, a[href], input[type="checkbox"], input[type="radio"]'

const pressableAt = (event: Event): HTMLElement | null =>
  event
    .composedPath()
    .filter((target) => target instanceof HTMLElement)
    .find((element) => element.matches(pressable)) ?? null

/** Listens to all presses in the window, in shadow trees too. Gives what ends it. */
export function keepPresses(target: Window): () => void {
  let down: { pressed: HTMLElement; x: number; y: number } | null = null
  const onDown = (event: PointerEvent) => {
    const pressed = event.isPrimary && event.button === 0 ? pressableAt(event) : null
    down = pressed && { pressed, x: event.clientX, y: event.clientY }
  }
  const onUp = (event: PointerEvent) => {
    const began = down
    down = null
    if (!began?.pressed.isConnected || Math.hypot(event.clientX - began.x, event.clientY - began.y) > shake) return
    // It is still under the pointer: the browser makes the click.
    if (event.composedPath().includes(began.pressed)) return
    began.pressed.click()
  }
  const onCancel = () => {
    down = null
  }
  target.addEventListener('pointerdown', onDown, { capture: true })
  target.addEventListener('pointerup', onUp, { capture: true })
  target.addEventListener('pointercancel', onCancel, { capture: true })
  return () => {
    target.removeEventListener('pointerdown', onDown, { capture: true })
    target.removeEventListener('pointerup', onUp, { capture: true })
    target.removeEventListener('pointercancel', onCancel, { capture: true })
  }
}
