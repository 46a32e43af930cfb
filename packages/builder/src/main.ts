import { keepPresses } from './kept-presses.ts'
import '@guichet/staff/page.css'
import { preferredLanguage, useLanguage } from './language.ts'

// The strings first: nothing is drawn that would have to be drawn again.
await useLanguage(preferredLanguage())
await import('./builder-app.ts')

if (import.meta.env.MODE === 'development') void import(/* @vite-ignore */ `${location.origin}/dev/reload.js`)

keepPresses(window)
