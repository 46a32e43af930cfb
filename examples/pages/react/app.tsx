// React 19 sets attributes and hears the events of custom elements; the types come from the elements' own manifest.
import type { GuichetServiceElement } from '@guichet/runtime/types/elements'
import type {} from '@guichet/runtime/types/react'
import { useRef, useState } from 'react'

export function App({ service }: { service: string }) {
  const [view, setView] = useState<'none' | 'apply' | 'status'>('none')
  const [language, setLanguage] = useState('en')
  const [said, setSaid] = useState('')
  const element = useRef<GuichetServiceElement>(null)
  return (
    <main>
      <h1>Parking permits</h1>
      <nav aria-label="Main">
        <button type="button" onClick={() => setView('apply')}>
          Apply
        </button>
        <button type="button" onClick={() => setView('status')}>
          Follow a case
        </button>
        <button type="button" onClick={() => setView('none')}>
          Close
        </button>
        <button type="button" onClick={() => setLanguage(language === 'en' ? 'fa' : 'en')}>
          Other language
        </button>
        <button type="button" onClick={() => element.current?.show('#start')}>
          Back to the start
        </button>
      </nav>
      {view === 'apply' && (
        <guichet-service
          ref={element}
          service={service}
          lang={language}
          onguichet-ready={() => setSaid('ready')}
          onguichet-page={(event) => setSaid(`page ${event.detail.page}`)}
          onguichet-submitted={(event) => setSaid(`sent ${event.detail.reference}`)}
        />
      )}
      {view === 'status' && <guichet-status lang={language} onguichet-case={(event) => setSaid(`case ${event.detail.status}`)} />}
      <p role="status">{said}</p>
    </main>
  )
}
