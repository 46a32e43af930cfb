import { keepPresses } from './kept-presses.ts'
import '@guichet/staff/page.css'
import { preferredLanguage, useLanguage } from './language.ts'

// Who has a service in the address will want the editor: it is fetched beside all else, and drawn when it is asked for.
if (/^#\/services\/./.test(location.hash)) import('./editor-screen.ts').catch(() => {})
const [{ BuilderApp }] = await Promise.all([import('./builder-app.ts'), useLanguage(preferredLanguage())])
// Once the strings are there: nothing is drawn that would have to be drawn again.
customElements.define('builder-app', BuilderApp)

if (import.meta.env.MODE === 'development') void import(/* @vite-ignore */ `${location.origin}/dev/reload.js`)

keepPresses(window)
